package io.pulsegrid.core.telling;

import io.pulsegrid.core.access.WorkspaceId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The stream of events; what happened in the last ten minutes can be caught up with. */
public interface Events {
  /**
   * Hands over every event of a workspace from now on, and before that what followed {@code
   * lastEventId}.
   *
   * @param lastEventId null to start now; one that is no longer held starts at the oldest held
   * @param listener called in order by one thread at a time, which may wait: what was missed comes
   *     as fast as it takes it. One that falls 10,000 events behind is handed those, then closed
   * @param closed called once, after the last event, when the subscription ends for any reason but
   *     {@link Subscription#close()}
   */
  Subscription subscribe(
      WorkspaceId workspace,
      @Nullable String lastEventId,
      Consumer<Event> listener,
      Runnable closed);

  /** A subscription; closing it twice is harmless. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
