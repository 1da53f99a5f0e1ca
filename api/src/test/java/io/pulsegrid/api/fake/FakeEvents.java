package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The stream of events in memory. */
public final class FakeEvents implements Events {
  private final List<Event> held = new ArrayList<>();
  private final List<Listening> listening = new CopyOnWriteArrayList<>();

  private record Listening(WorkspaceId workspace, Consumer<Event> listener, Runnable closed) {}

  public synchronized void tell(Event event) {
    held.add(event);
    listening.stream()
        .filter(one -> one.workspace().equals(event.workspace()))
        .forEach(one -> one.listener().accept(event));
  }

  public int listeners() {
    return listening.size();
  }

  /** Ends every subscription from this side. */
  public synchronized void closeAll() {
    listening.forEach(one -> one.closed().run());
    listening.clear();
  }

  @Override
  public synchronized Subscription subscribe(
      WorkspaceId workspace,
      @Nullable String lastEventId,
      Consumer<Event> listener,
      Runnable closed) {
    if (lastEventId != null) {
      int last = held.stream().map(Event::id).toList().indexOf(lastEventId);
      held.subList(last + 1, held.size()).stream()
          .filter(event -> event.workspace().equals(workspace))
          .forEach(listener);
    }
    Listening one = new Listening(workspace, listener, closed);
    listening.add(one);
    return () -> listening.remove(one);
  }
}
