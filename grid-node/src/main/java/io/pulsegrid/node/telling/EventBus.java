package io.pulsegrid.node.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.Events;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.grid.wire.EventWire;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of the whole grid, on every node: told here, sent to the others, held for ten minutes
 * for those who resume. Events live in memory: what a node had not yet sent when it died, and all
 * of them when every node stops, is told by nobody; the resources themselves are in Postgres.
 */
public final class EventBus implements EventSink, Events {
  private static final Logger log = LoggerFactory.getLogger(EventBus.class);
  private static final String TOPIC = "pulsegrid.events";

  private final Ignite ignite;
  private final InstantSource clock;
  private final IdSource ids;
  private final Executor tellers;
  private final EventHistory history;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /**
   * A bus that hears the other nodes.
   *
   * @param tellers runs each listener; must not bound how many run at once
   * @param held how many events are held at most
   */
  public EventBus(Ignite ignite, InstantSource clock, IdSource ids, Executor tellers, int held) {
    this.ignite = ignite;
    this.clock = clock;
    this.ids = ids;
    this.tellers = tellers;
    history = new EventHistory(held);
    ignite.message().localListen(TOPIC, new FromOtherNodes(this));
  }

  @Override
  public void tell(WorkspaceId workspace, Event.Subject subject) {
    Instant now = clock.instant();
    Event event = new Event(ids.next(), workspace, now, subject);
    ClusterGroup others = ignite.cluster().forServers().forRemotes();
    if (!others.nodes().isEmpty()) {
      try {
        ignite.message(others).send(TOPIC, EventWire.of(event));
      } catch (IgniteException e) {
        log.warn("an event did not reach the other nodes: {}", e.getMessage());
      }
    }
    heard(event);
  }

  void heard(Event event) {
    synchronized (history) {
      history.add(event, clock.instant());
      // Inside the lock, so that whoever subscribes misses nothing and hears nothing twice; it only
      // puts the event into each listener's own queue.
      for (Listener listener : listeners) {
        listener.offer(event);
      }
    }
  }

  @Override
  public Subscription subscribe(
      WorkspaceId workspace,
      @Nullable String lastEventId,
      Consumer<Event> listener,
      Runnable closed) {
    Listener added = new Listener(workspace, listener, closed, tellers, listeners::remove);
    boolean alone = ignite.cluster().forServers().nodes().size() == 1;
    synchronized (history) {
      if (lastEventId != null) {
        List<Event> missed = new ArrayList<>(history.after(lastEventId, alone));
        missed.removeIf(event -> !event.workspace().equals(workspace));
        added.begin(missed);
      }
      listeners.add(added);
    }
    return added;
  }
}
