package io.pulsegrid.node.publish;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.gte;
import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.lte;

import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.wire.DeliveryWire;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.binary.BinaryObject;
import org.apache.ignite.cache.affinity.Affinity;
import org.apache.ignite.cache.affinity.AffinityKey;
import org.apache.ignite.cache.query.ContinuousQuery;
import org.apache.ignite.cache.query.IndexQuery;
import org.apache.ignite.cache.query.IndexQueryCriterion;
import org.apache.ignite.cache.query.QueryCursor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grid's copy of what waits within the horizon, on the node of its channel. It may be dropped
 * at any moment: what it lacks is found by the sweep, what it holds in vain is refused by the arm.
 * So nothing here throws; a grid that does not answer only makes deliveries wait for the sweep.
 */
final class WorkingCopy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkingCopy.class);
  private static final String NAME = "delivery";
  private static final int HIGHEST = 9;

  private final Ignite ignite;
  private final IgniteCache<AffinityKey<String>, DeliveryWire> cache;
  private final Affinity<String> affinity;
  private final List<QueryCursor<?>> listening = new ArrayList<>();

  private WorkingCopy(Ignite ignite, IgniteCache<AffinityKey<String>, DeliveryWire> cache) {
    this.ignite = ignite;
    this.cache = cache;
    this.affinity = ignite.affinity(NAME);
  }

  /** Creates the cache if it is missing. */
  static WorkingCopy open(Ignite ignite, int backups) {
    return new WorkingCopy(
        ignite,
        CacheShapes.open(
            ignite,
            CacheShapes.<AffinityKey<String>, DeliveryWire>partitioned(NAME, backups)
                .setQueryEntities(
                    Set.of(
                        CacheShapes.indexed(
                            AffinityKey.class,
                            DeliveryWire.class,
                            DeliveryWire.fields(),
                            DeliveryWire.INDEXES)))));
  }

  /** Tells of everything that is put on channels of this node, whichever node put it. */
  void onPut(Consumer<Waiting> listener) {
    ContinuousQuery<AffinityKey<String>, DeliveryWire> query = new ContinuousQuery<>();
    query.setLocal(true);
    query.setLocalListener(new PutListener(listener));
    listening.add(cache.query(query));
  }

  /** Whether this node is the one that looks after a channel. */
  boolean isOurs(String channel) {
    try {
      return affinity.isPrimary(ignite.cluster().localNode(), channel);
    } catch (IgniteException e) {
      log.debug("Affinity of {} is unknown just now", channel, e);
      return false;
    }
  }

  void put(Collection<Waiting> deliveries) {
    if (deliveries.isEmpty()) {
      return;
    }
    Map<AffinityKey<String>, DeliveryWire> entries = new HashMap<>();
    for (Waiting one : deliveries) {
      entries.put(
          key(one),
          DeliveryWire.of(
              one.channel(),
              one.platform(),
              one.dueAt(),
              one.priority(),
              one.fence(),
              one.wantedAt()));
    }
    quietly("put", () -> cache.putAll(entries));
  }

  void remove(Collection<Waiting> deliveries) {
    Set<AffinityKey<String>> keys = new HashSet<>();
    deliveries.forEach(one -> keys.add(key(one)));
    quietly("remove", () -> cache.removeAll(keys));
  }

  /** Whether nothing waits here of a channel of this node. */
  boolean isEmpty(String channel) {
    List<Waiting> found = new ArrayList<>();
    quietly("find", () -> find(channel, 1, "channel_due", List.of(), found));
    return found.isEmpty();
  }

  /**
   * The first of a channel of this node, earliest due first; where more than {@code limit} are due
   * already, the most urgent of those.
   */
  List<Waiting> first(String channel, int limit, Instant now) {
    List<Waiting> found = new ArrayList<>();
    quietly(
        "find",
        () -> {
          find(channel, limit, "channel_due", List.of(), found);
          if (found.size() < limit || found.getLast().dueAt().isAfter(now)) {
            return;
          }
          found.clear();
          for (int priority = HIGHEST; priority >= 0 && found.size() < limit; priority--) {
            find(
                channel,
                limit - found.size(),
                "channel_priority_due",
                List.of(eq("priority", priority), lte("due", now.toEpochMilli())),
                found);
          }
        });
    return found;
  }

  /** Those of a channel of this node that are due from then on, earliest due first. */
  List<Waiting> dueFrom(String channel, Instant from, int limit) {
    List<Waiting> found = new ArrayList<>();
    quietly(
        "find",
        () -> find(channel, limit, "channel_due", List.of(gte("due", from.toEpochMilli())), found));
    return found;
  }

  private void find(
      String channel,
      int limit,
      String index,
      List<IndexQueryCriterion> more,
      List<Waiting> found) {
    int before = found.size();
    List<IndexQueryCriterion> criteria = new ArrayList<>(List.of(eq("channel", channel)));
    criteria.addAll(more);
    IndexQuery<AffinityKey<String>, BinaryObject> query =
        new IndexQuery<AffinityKey<String>, BinaryObject>(DeliveryWire.class.getName(), index)
            .setCriteria(criteria)
            .setPartition(affinity.partition(channel))
            .setLimit(limit);
    query.setPageSize(limit);
    query.setLocal(true);
    try (QueryCursor<Cache.Entry<AffinityKey<String>, BinaryObject>> cursor =
        cache.<AffinityKey<String>, BinaryObject>withKeepBinary().query(query)) {
      for (Cache.Entry<AffinityKey<String>, BinaryObject> entry : cursor) {
        found.add(waiting(idOf(entry.getKey()), entry.getValue().deserialize()));
        // The query's own limit is a hint that Ignite 2.17 does not hold to.
        if (found.size() == before + limit) {
          break;
        }
      }
    }
  }

  @Override
  public void close() {
    quietly("close", () -> listening.forEach(QueryCursor::close));
  }

  // withKeepBinary() hands keys of our own making as they are or as binary objects.
  private static String idOf(Object key) {
    AffinityKey<String> typed =
        key instanceof BinaryObject binary ? binary.deserialize() : asKey(key);
    return typed.key();
  }

  @SuppressWarnings("unchecked") // the cache's key type; what it holds was put by this class
  private static AffinityKey<String> asKey(Object key) {
    return (AffinityKey<String>) key;
  }

  private static AffinityKey<String> key(Waiting delivery) {
    return new AffinityKey<>(delivery.id(), delivery.channel());
  }

  private static Waiting waiting(String id, DeliveryWire wire) {
    return new Waiting(
        id,
        wire.channel(),
        wire.platform(),
        wire.dueAt(),
        wire.priority(),
        wire.fence(),
        wire.wantedAt());
  }

  private static void quietly(String what, Runnable action) {
    try {
      action.run();
    } catch (CacheException | IgniteException | IllegalStateException e) {
      log.warn(
          "The grid's copy of deliveries does not {}; the sweep stands in: {}", what, e.toString());
    }
  }

  /** Runs on an Ignite thread: it only passes the hint on. */
  private static final class PutListener
      implements CacheEntryUpdatedListener<AffinityKey<String>, DeliveryWire> {
    private final Consumer<Waiting> listener;

    PutListener(Consumer<Waiting> listener) {
      this.listener = listener;
    }

    @Override
    public void onUpdated(
        Iterable<CacheEntryEvent<? extends AffinityKey<String>, ? extends DeliveryWire>> events) {
      for (CacheEntryEvent<? extends AffinityKey<String>, ? extends DeliveryWire> event : events) {
        if (event.getEventType() == EventType.CREATED
            || event.getEventType() == EventType.UPDATED) {
          listener.accept(waiting(event.getKey().key(), event.getValue()));
        }
      }
    }
  }
}
