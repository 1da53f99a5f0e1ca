package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.DataRegion;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many posts of this node wait at each stage, counted anew every few seconds, and whether there
 * is room for more. Memory counts as taken from the moment a post is let in, and with all that is
 * still to be made of it: what was let in is worked on even where nothing more is.
 */
final class Backlog implements StageWork {
  /** The rest is for trends that grow and for partitions that come here. */
  private static final double FULL_REGION = 0.85;

  /** More than comes and goes within a look. */
  private static final long BUSY = 1_000;

  /** What is made of a post that waits at a stage: its vector, its print, a trend of its own. */
  private static final Map<Stage, Long> STILL_TO_COME =
      new EnumMap<>(Map.of(Stage.COLLECTED, 3_072L, Stage.EMBEDDED, 1_024L, Stage.INDEXED, 1_024L));

  private final IndexedQueue<PostWire> stages;
  private final StoreFlusher flusher;
  private final DataRegion region;
  private final long most;
  private final Map<Stage, AtomicLong> waiting = new EnumMap<>(Stage.class);
  private final AtomicLong collected = new AtomicLong();
  private final AtomicLong arrivingBytes = new AtomicLong();
  private volatile long dirty;

  Backlog(
      PostCaches caches, StoreFlusher flusher, DataRegion region, long most, MeterRegistry meters) {
    this.flusher = flusher;
    this.region = region;
    this.most = most;
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
    for (Stage stage : STILL_TO_COME.keySet()) {
      AtomicLong count = stage == Stage.COLLECTED ? collected : new AtomicLong();
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

  /**
   * Lets posts of about as many bytes in, whose {@link #arrived} must follow.
   *
   * @return why they are not let in, if they are not
   */
  Optional<String> admit(long bytes) {
    if (dirty > most || waiting() > most) {
      return Optional.of("too many posts wait to be worked on");
    }
    if (arrivingBytes.addAndGet(bytes) + takenBytes() > FULL_REGION * region.maxBytes()) {
      arrivingBytes.addAndGet(-bytes);
      return Optional.of("the memory for posts is full (pulsegrid.grid.region-mb)");
    }
    return Optional.empty();
  }

  /** Whether this node has more to do than it gets done in a moment. */
  boolean isBusy() {
    return dirty > BUSY || waiting() > BUSY;
  }

  private long waiting() {
    return waiting.values().stream().mapToLong(AtomicLong::get).sum();
  }

  private long takenBytes() {
    long taken = region.usedBytes();
    for (Map.Entry<Stage, AtomicLong> stage : waiting.entrySet()) {
      taken += stage.getValue().get() * STILL_TO_COME.getOrDefault(stage.getKey(), 0L);
    }
    return taken;
  }

  /**
   * Counts posts in that were let in before.
   *
   * @param fresh how many of them are to be worked on; till the next count they stand beside it
   */
  void arrived(long bytes, int fresh) {
    collected.addAndGet(fresh);
    arrivingBytes.addAndGet(-bytes);
  }
}
