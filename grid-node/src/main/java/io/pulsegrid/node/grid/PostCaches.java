package io.pulsegrid.node.grid;

import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.TrendWire;
import io.pulsegrid.node.grid.wire.VectorWire;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.cache.affinity.Affinity;
import org.apache.ignite.configuration.CacheConfiguration;

/**
 * The caches of what the world said.
 *
 * @param posts by post id
 * @param vectors by post id, on the post's own node
 * @param originals the first post with a fingerprint or with a trace of edited copies, by {@code
 *     workspace/fingerprint} and {@code workspace/~trace}
 * @param trends by trend id
 */
public record PostCaches(
    IgniteCache<String, PostWire> posts,
    IgniteCache<String, VectorWire> vectors,
    IgniteCache<String, String> originals,
    IgniteCache<String, TrendWire> trends,
    Affinity<String> affinity) {

  /** Creates what is missing and opens all. */
  public static PostCaches open(Ignite ignite, int backups) {
    tellForms(ignite);
    CacheConfiguration<String, PostWire> posts =
        CacheShapes.<String, PostWire>partitioned("post", backups)
            .setAffinity(new BucketAffinity())
            .setQueryEntities(
                Set.of(
                    CacheShapes.indexed(
                        String.class, PostWire.class, PostWire.fields(), PostWire.INDEXES)));
    CacheConfiguration<String, VectorWire> vectors =
        CacheShapes.<String, VectorWire>partitioned("vector", backups)
            .setAffinity(new BucketAffinity())
            .setQueryEntities(
                Set.of(
                    CacheShapes.indexed(
                        String.class,
                        VectorWire.class,
                        new LinkedHashMap<>(Map.of("dirty", Integer.class.getName())),
                        List.of(List.of("dirty")))));
    return new PostCaches(
        CacheShapes.open(ignite, posts),
        CacheShapes.open(ignite, vectors),
        CacheShapes.open(ignite, CacheShapes.<String, String>partitioned("original", backups)),
        CacheShapes.open(ignite, CacheShapes.<String, TrendWire>partitioned("trend", backups)),
        ignite.affinity("post"));
  }

  /**
   * Has every node know the form of the entries before the first is written. Where several threads
   * write a form for the first time at once, Ignite 2.17 may send an entry ahead of it, and the
   * receiver's thread, which updates many partitions, waits for half a minute.
   */
  private static void tellForms(Ignite ignite) {
    for (Object form : List.of(PostWire.blank(), VectorWire.of("", new float[0], 0, false))) {
      Object _ = ignite.binary().toBinary(form);
    }
  }

  /** How many nodes have each entry, where there are as many. */
  @SuppressWarnings("unchecked") // Ignite's own signature
  public int copies() {
    return 1 + posts.getConfiguration(CacheConfiguration.class).getBackups();
  }
}
