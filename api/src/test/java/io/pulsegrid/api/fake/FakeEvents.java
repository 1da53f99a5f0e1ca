package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The stream of events in memory; each listener is told by a thread of its own. */
public final class FakeEvents implements Events {
  private final List<Event> held = new ArrayList<>();
  private final List<Listening> listening = new CopyOnWriteArrayList<>();

  private record Listening(
      WorkspaceId workspace, Consumer<Event> listener, Runnable closed, ExecutorService teller) {
    void hear(Event event) {
      if (event.workspace().equals(workspace)) {
        teller.execute(() -> listener.accept(event));
      }
    }
  }

  public synchronized void tell(Event event) {
    held.add(event);
    listening.forEach(one -> one.hear(event));
  }

  public int listeners() {
    return listening.size();
  }

  /** Ends every subscription from this side. */
  public synchronized void closeAll() {
    for (Listening one : listening) {
      one.teller().execute(one.closed());
      one.teller().shutdown();
    }
    listening.clear();
  }

  @Override
  public synchronized Subscription subscribe(
      WorkspaceId workspace,
      @Nullable String lastEventId,
      Consumer<Event> listener,
      Runnable closed) {
    Listening one =
        new Listening(
            workspace,
            listener,
            closed,
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory()));
    if (lastEventId != null) {
      int last = held.stream().map(Event::id).toList().indexOf(lastEventId);
      held.subList(last + 1, held.size()).forEach(one::hear);
    }
    listening.add(one);
    return () -> {
      listening.remove(one);
      one.teller().shutdownNow();
    };
  }
}
