package io.pulsegrid.node.telling;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.Events;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.grid.wire.EventWire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
 * on each, so that whoever listened on a node that died goes on at any other. A node that joins
 * asks the oldest one for what it missed. Events live in memory: what a node had not yet sent when
 * it died, and all of them when every node stops, is told by nobody, but for alerts of trends,
 * which other nodes {@linkplain #recall recall}; the resources themselves are in Postgres.
 */
public final class EventBus implements EventSink, Events {
  private static final Logger log = LoggerFactory.getLogger(EventBus.class);
  private static final String TOPIC = "pulsegrid.events";
  private static final String EARLIER = "pulsegrid.events.earlier";
  private static final String ASKED = "pulsegrid.events.asked";

  /** How long the texts of several events in one message are at the most. */
  private static final long MOST_CHARACTERS = 256L * 1024;

  /** For how long an alert is not taken for another one. */
  public static final Duration ALERTS_KNOWN_FOR = EventHistory.HELD_FOR;

  private static final Duration EARLIER_PATIENCE = Duration.ofSeconds(30);

  private final Ignite ignite;
  private final InstantSource clock;
  private final IdSource ids;
  private final Executor tellers;
  private final EventHistory history;

  /** When another node was last known to be there; guarded by the history. */
  private Instant sharedUntil = Instant.MIN;

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
    ignite.message().localListen(ASKED, new HistoryAsked(this));
    ignite.message().localListen(EARLIER, new FromBeforeJoining(this));
  }

  /** Asks the oldest other node for what was told before this one joined. */
  public void catchUp() {
    ClusterGroup oldest = ignite.cluster().forServers().forRemotes().forOldest();
    if (!oldest.nodes().isEmpty()) {
      try {
        ignite.message(oldest).send(ASKED, "");
      } catch (IgniteException e) {
        log.warn("what was told before this node joined is not known here: {}", e.getMessage());
      }
    }
  }

  /** Answers a node that joined; in order, after whatever was told to it meanwhile. */
  void answer(UUID node) {
    List<Event> held;
    synchronized (history) {
      held = history.all();
    }
    ClusterGroup asker = ignite.cluster().forNodeId(node);
    for (Object message : messages(held)) {
      ignite.message(asker).sendOrdered(EARLIER, message, EARLIER_PATIENCE.toMillis());
    }
  }

  void heardEarlier(List<Event> events) {
    synchronized (history) {
      sharedUntil = clock.instant();
      history.fill(events, clock.instant());
    }
  }

  @Override
  public void tell(WorkspaceId workspace, Event.Subject subject) {
    tellAs(ids.next(), workspace, subject);
  }

  @Override
  public void tellAs(String id, WorkspaceId workspace, Event.Subject subject) {
    tellAllAs(List.of(new Named(id, workspace, subject)));
  }

  @Override
  public void tellAll(WorkspaceId workspace, List<? extends Event.Subject> subjects) {
    tellAllAs(subjects.stream().map(subject -> new Named(ids.next(), workspace, subject)).toList());
  }

  @Override
  public void tellAllAs(List<Named> named) {
    Instant now = clock.instant();
    List<Event> events =
        named.stream()
            .map(one -> new Event(one.id(), one.workspace(), now, one.subject()))
            .toList();
    ClusterGroup others = ignite.cluster().forServers().forRemotes();
    if (others.nodes().isEmpty()) {
      heard(events);
      return;
    }
    // As objects: of a collection Ignite would send each part by itself.
    for (Object message : messages(events)) {
      try {
        ignite.message(others).send(TOPIC, message);
      } catch (IgniteException e) {
        log.warn("events did not reach the other nodes: {}", e.getMessage());
      }
    }
    heardByAll(events);
  }

  /** Tells, here and on the other nodes, those alerts that were not heard here. */
  public void recall(List<Named> alerts) {
    List<Named> unheard;
    synchronized (history) {
      unheard = alerts.stream().filter(alert -> !history.knowsAlert(alert.id())).toList();
    }
    if (!unheard.isEmpty()) {
      tellAllAs(unheard);
    }
  }

  /** Events as they cross nodes, many in one message, but no more than goes in one well. */
  private static List<List<EventWire>> messages(List<Event> events) {
    List<List<EventWire>> messages = new ArrayList<>();
    long characters = MOST_CHARACTERS;
    for (Event event : events) {
      characters += EventHistory.characters(event);
      if (characters > MOST_CHARACTERS) {
        messages.add(new ArrayList<>());
        characters = EventHistory.characters(event);
      }
      messages.getLast().add(EventWire.of(event));
    }
    return messages;
  }

  /** Those that other nodes hear as well, or told. */
  void heardByAll(List<Event> events) {
    synchronized (history) {
      sharedUntil = clock.instant();
      heard(events);
    }
  }

  private void heard(List<Event> events) {
    synchronized (history) {
      for (Event event : events) {
        heard(event);
      }
    }
  }

  @GuardedBy("history")
  private void heard(Event event) {
    if (!history.add(event, clock.instant())) {
      // Told again after a crash between the telling and the note of it.
      return;
    }
    // Inside the lock, so that whoever subscribes misses nothing and hears nothing twice; it only
    // puts the event into each listener's own queue.
    for (Listener listener : listeners) {
      listener.offer(event);
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
      if (!alone) {
        sharedUntil = clock.instant();
      }
      if (lastEventId != null) {
        List<Event> missed = new ArrayList<>(history.after(lastEventId, sharedUntil));
        missed.removeIf(event -> !event.workspace().equals(workspace));
        added.begin(missed);
      }
      listeners.add(added);
    }
    return added;
  }
}
