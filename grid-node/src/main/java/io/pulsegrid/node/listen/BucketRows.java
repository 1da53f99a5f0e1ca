package io.pulsegrid.node.listen;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.grid.wire.Revision;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of some buckets as they stood at one moment, compared. */
final class BucketRows {
  private BucketRows() {}

  /**
   * A post in the grid.
   *
   * @param waits whether it is still to be stored
   * @param indexed whether the grid believes it to be in the index, just so
   * @param embedded whether it must have a vector
   */
  record GridPost(Revision revision, boolean waits, boolean indexed, boolean embedded) {}

  /** A vector in the grid. */
  record GridVector(long sequence, boolean waits) {}

  /** What would mend a difference. */
  enum Remedy {
    /** The grid takes over what Postgres has. */
    ADOPT,
    /** Postgres and the index get it again from the grid. */
    STORE_AGAIN,
    /** The index forgets it. */
    FORGET,
    /** Its vector is made anew. */
    EMBED
  }

  /**
   * A difference.
   *
   * @param text what stands where; the same text twice means that nothing has moved
   * @param waits whether it may be only on its way
   */
  record Difference(String text, boolean waits, Remedy remedy) {}

  /** What Postgres has. */
  record Stored(Map<String, Revision> posts, Map<String, Long> vectors) {}

  /** The differences by id, in those buckets that the rows are of. */
  static Map<String, Difference> differences(
      RevisionsJob.Rows rows, Stored stored, BitSet buckets) {
    Map<String, GridPost> posts = rows.posts();
    Map<String, GridVector> vectors = rows.vectors();
    Map<String, Revision> index = rows.index();
    TreeSet<String> ids = new TreeSet<>(posts.keySet());
    ids.addAll(stored.posts().keySet());
    ids.addAll(index.keySet());
    ids.removeIf(id -> !buckets.get(new PostId(id).bucket()));
    Map<String, Difference> differences = new TreeMap<>();
    for (String id : ids) {
      @Nullable GridPost post = posts.get(id);
      Revision inGrid = post == null ? Revision.NONE : post.revision();
      Revision inStore = stored.posts().getOrDefault(id, Revision.NONE);
      Revision inIndex = index.getOrDefault(id, Revision.NONE);
      boolean indexDiffers =
          post == null ? !inIndex.equals(Revision.NONE) : post.indexed() && !inGrid.equals(inIndex);
      @Nullable GridVector vector = vectors.get(id);
      @Nullable Long storedVector = stored.vectors().get(id);
      if (!inGrid.equals(inStore) || indexDiffers) {
        differences.put(
            id,
            new Difference(
                "post " + id + ": grid " + inGrid + ", store " + inStore + ", index " + inIndex,
                post != null && post.waits(),
                remedy(inGrid, inStore)));
      } else if (post != null && !sameVector(vector, storedVector)) {
        differences.put(
            id,
            new Difference(
                "vector of " + id + ": grid " + sequence(vector) + ", store " + storedVector,
                vector != null && vector.waits(),
                remedy(vector, storedVector)));
      } else if (post != null && post.embedded() && vector == null) {
        differences.put(id, new Difference("vector of " + id + ": nowhere", false, Remedy.EMBED));
      }
    }
    return differences;
  }

  private static Remedy remedy(Revision inGrid, Revision inStore) {
    if (inStore.compareTo(inGrid) > 0) {
      return Remedy.ADOPT;
    }
    return inGrid.equals(Revision.NONE) ? Remedy.FORGET : Remedy.STORE_AGAIN;
  }

  private static Remedy remedy(@Nullable GridVector vector, @Nullable Long stored) {
    boolean behind = vector == null || (stored != null && stored > vector.sequence());
    return behind ? Remedy.ADOPT : Remedy.STORE_AGAIN;
  }

  private static boolean sameVector(@Nullable GridVector vector, @Nullable Long stored) {
    return vector == null ? stored == null : stored != null && stored == vector.sequence();
  }

  private static String sequence(@Nullable GridVector vector) {
    return vector == null ? "null" : Long.toString(vector.sequence());
  }
}
