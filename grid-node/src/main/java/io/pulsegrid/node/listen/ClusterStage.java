package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.store.posts.RetentionStore;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.telling.EventSink;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.ignite.Ignite;
import org.jspecify.annotations.Nullable;

/**
 * INDEXED to CLUSTERED, by one writer in the whole grid: the primary of one key. Posts are taken in
 * the order of acceptance, never beyond the place up to which every post is known to have come.
 *
 * <p>What survives is the checkpoint in Postgres: trends and the last place they have taken in,
 * saved together, after the posts they count are stored. A successor loads it and clusters again
 * whatever came later, to the same result, since the clusterer decides by order alone.
 *
 * <p>A split takes posts along that have long been placed. Which ones stands in the checkpoint that
 * has the split; only then are their own rows changed, by the writer that saved it or by the next.
 *
 * <p>Each office has a number that rises. It guards the checkpoint, so that a writer which was cut
 * off cannot save over its successor; and it stands in each post it places, so that it cannot place
 * a post after its successor has. What it does in between is found by the successor, and undone.
 */
final class ClusterStage implements StageWork {
  private static final String WRITER_KEY = "cluster-writer";

  private final Parts parts;
  private @Nullable TrendWriter writer;

  /**
   * What the stage works with.
   *
   * @param leave asked before anything is stored; throws where this node must not
   */
  record Parts(
      Ignite ignite,
      PostCaches caches,
      String model,
      TrendStore store,
      RetentionStore retention,
      Duration forgetEvery,
      StoredPosts storedPosts,
      Adoption adoption,
      Sequencer sequencer,
      Epochs epochs,
      Runnable leave,
      InstantSource clock,
      EventSink events,
      MeterRegistry meters) {}

  ClusterStage(Parts parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public boolean work() throws Exception {
    if (!parts
        .ignite()
        .affinity("trend")
        .isPrimary(parts.ignite().cluster().localNode(), WRITER_KEY)) {
      resign();
      return false;
    }
    try {
      TrendWriter now = writer;
      if (now == null) {
        // A node that is cut off would come in a later epoch than the others, and shut them out.
        parts.leave().run();
        now = TrendWriter.takeOffice(parts);
        writer = now;
      }
      return now.work();
    } catch (Exception e) {
      // What is in memory may be ahead of what is saved: begin again from the checkpoint.
      resign();
      throw e;
    }
  }

  /** Drops what is in memory; the next writer, here or elsewhere, begins from the checkpoint. */
  void resign() {
    writer = null;
  }
}
