package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How many posts of this node wait at each stage, counted anew every few seconds. */
final class Backlog implements StageWork {
  private final IndexedQueue<PostWire> stages;
  private final StoreFlusher flusher;
  private final long most;
  private final Map<Stage, AtomicLong> waiting = new EnumMap<>(Stage.class);
  private volatile long dirty;

  Backlog(PostCaches caches, StoreFlusher flusher, long most, MeterRegistry meters) {
    this.flusher = flusher;
    this.most = most;
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
    for (Stage stage : new Stage[] {Stage.COLLECTED, Stage.EMBEDDED, Stage.INDEXED}) {
      AtomicLong count = new AtomicLong();
      waiting.put(stage, count);
      meters.gauge(
          "pulsegrid.queue.stage", Tags.of("stage", stage.name().toLowerCase(Locale.ROOT)), count);
    }
  }

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public boolean work() {
    waiting.forEach((stage, count) -> count.set(stages.countLocal(eq("stage", stage.rank()))));
    dirty = flusher.countDirty();
    return false;
  }

  /** Whether new posts should wait until some of those here are done. */
  boolean isFull() {
    return dirty > most || waiting.values().stream().mapToLong(AtomicLong::get).sum() > most;
  }
}
