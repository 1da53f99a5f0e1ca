package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.post.Stage;
import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.Ignite;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.jspecify.annotations.Nullable;

/**
 * A change of one post, run where the post lives. Each is safe to apply twice: it states what it
 * expects to find, and does nothing when it finds something else.
 */
public abstract class PostChange implements CacheEntryProcessor<String, PostWire, Integer> {
  private static final long serialVersionUID = 1L;

  /** The change did not apply; the post is as it was. */
  public static final int UNTOUCHED = 0;

  /** The change was made. */
  public static final int CHANGED = 1;

  /** The post is here already, just so, but Postgres may lack it yet. */
  public static final int WAITING = 2;

  private final long senderEpoch;

  @IgniteInstanceResource private transient @Nullable Ignite ignite;

  PostChange(long senderEpoch) {
    this.senderEpoch = senderEpoch;
  }

  private PostChange() {
    this(0);
  }

  /** The mark of this change: made by the node that it runs on, in that node's epoch. */
  final Stamp stamp() {
    Ignite here = ignite;
    if (here == null) {
      throw new IllegalStateException("a change runs on a grid node only");
    }
    return Stamp.on(here, senderEpoch);
  }

  @Override
  public final Integer process(MutableEntry<String, PostWire> entry, Object... arguments) {
    @Nullable PostWire now = entry.exists() ? entry.getValue() : null;
    @Nullable PostWire next = apply(now);
    if (next == null) {
      return now != null && now.dirty() ? WAITING : UNTOUCHED;
    }
    entry.setValue(next);
    return CHANGED;
  }

  /** The post after the change; null for no change. May change and return {@code post} itself. */
  abstract @Nullable PostWire apply(@Nullable PostWire post);

  /** Taking in what a source or an import shows. */
  public static final class Take extends PostChange {
    private static final long serialVersionUID = 1L;

    private final PostWire seen;
    private final long sequence;
    private final long afterEpoch;
    private final long afterNumber;

    public Take(PostWire seen, long sequence, long senderEpoch) {
      this(seen, sequence, senderEpoch, Revision.NONE);
    }

    /**
     * Taking in again what was deleted.
     *
     * @param after the revision with which it was deleted: what comes now is later
     */
    public Take(PostWire seen, long sequence, long senderEpoch, Revision after) {
      super(senderEpoch);
      this.seen = seen;
      this.sequence = sequence;
      afterEpoch = after.epoch();
      afterNumber = after.number();
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      PostWire next = post == null ? seen : post;
      if (post == null || !post.saysTheSameAs(seen)) {
        seen.sequence(sequence);
        if (post != null) {
          post.renew(seen);
        }
      } else if (!post.isCountedTheSameAs(seen)) {
        post.recount(seen);
      } else {
        return null;
      }
      next.revised(stamp(), new Revision(afterEpoch, afterNumber));
      return next;
    }
  }

  /** Its vector is there, or it repeats another post and needs none. */
  public static final class Embedded extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long sequence;
    private final @Nullable String fingerprint;
    private final @Nullable String duplicateOf;

    public Embedded(
        long sequence,
        @Nullable String fingerprint,
        @Nullable String duplicateOf,
        long senderEpoch) {
      super(senderEpoch);
      this.sequence = sequence;
      this.fingerprint = fingerprint;
      this.duplicateOf = duplicateOf;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      // Another sequence: it was reworded while its old wording was being embedded.
      if (post == null || post.stage() != Stage.COLLECTED || post.sequence() != sequence) {
        return null;
      }
      post.fingerprinted(fingerprint, duplicateOf);
      post.stage(Stage.EMBEDDED);
      post.revised(stamp());
      return post;
    }
  }

  /**
   * It is searchable. Not a new revision: whether the index has a post is known by comparing
   * revisions, and never needs storing.
   */
  public static final class Indexed extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long epoch;
    private final long number;

    public Indexed(Revision indexed) {
      this.epoch = indexed.epoch();
      this.number = indexed.number();
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null || !post.revision().equals(new Revision(epoch, number))) {
        return null;
      }
      if (post.stage() == Stage.EMBEDDED) {
        post.stage(Stage.INDEXED);
      } else if (post.stale() == PostWire.Staleness.NOTHING) {
        return null;
      }
      post.stale(PostWire.Staleness.NOTHING);
      return post;
    }
  }

  /** It belongs to a trend. */
  public static final class Clustered extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long sequence;
    private final String trend;
    private final @Nullable String duplicateOf;
    private final boolean counts;
    private final long office;

    /**
     * A post's trend.
     *
     * @param duplicateOf the post before it that it repeats; null if it repeats none
     * @param counts whether it was counted there just now; false for one that was before
     * @param office that of the writer which says so: a later one's word stands
     */
    public Clustered(
        long sequence,
        String trend,
        @Nullable String duplicateOf,
        boolean counts,
        long office,
        long senderEpoch) {
      super(senderEpoch);
      this.sequence = sequence;
      this.trend = trend;
      this.duplicateOf = duplicateOf;
      this.counts = counts;
      this.office = office;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null
          || post.sequence() != sequence
          || post.stage().compareTo(Stage.INDEXED) < 0
          || post.writer() > office) {
        return null;
      }
      boolean same = Objects.equals(duplicateOf, post.duplicateOf());
      if (post.stage() == Stage.CLUSTERED && trend.equals(post.trendId()) && same) {
        if (post.writer() == office) {
          return null;
        }
        // No new revision: the writer is the grid's business alone.
        placed(post);
        return post;
      }
      placed(post);
      post.fingerprinted(post.fingerprint(), duplicateOf);
      post.stage(Stage.CLUSTERED);
      post.trend(trend);
      post.revised(stamp());
      return post;
    }

    private void placed(PostWire post) {
      post.writer(office);
      if (counts) {
        post.counted(sequence, office);
      }
    }
  }

  /**
   * Back to before clustering: the writer that says so has not taken the post in. From then on no
   * earlier writer can place it.
   */
  public static final class Unclustered extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long sequence;
    private final long office;

    public Unclustered(long sequence, long office) {
      this.sequence = sequence;
      this.office = office;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null
          || post.stage() != Stage.CLUSTERED
          || post.sequence() != sequence
          || post.writer() > office) {
        return null;
      }
      post.stage(Stage.INDEXED);
      post.writer(office);
      return post;
    }
  }

  /** A later place in the order of acceptance: it came after its own place had been passed. */
  public static final class Moved extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long from;
    private final long to;

    public Moved(long from, long to, long senderEpoch) {
      super(senderEpoch);
      this.from = from;
      this.to = to;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null || post.stage() != Stage.INDEXED || post.sequence() != from) {
        return null;
      }
      post.moveTo(to);
      post.revised(stamp());
      return post;
    }
  }

  /** Postgres has this revision. */
  public static final class Stored extends PostChange {
    private static final long serialVersionUID = 1L;

    private final long epoch;
    private final long number;

    public Stored(Revision stored) {
      this.epoch = stored.epoch();
      this.number = stored.number();
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null || !post.dirty() || !post.revision().equals(new Revision(epoch, number))) {
        return null;
      }
      post.stored();
      return post;
    }
  }

  /** Postgres or the index was found without it: both are to have it again. */
  public static final class Mistrusted extends PostChange {
    private static final long serialVersionUID = 1L;

    public Mistrusted(long senderEpoch) {
      super(senderEpoch);
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null) {
        return null;
      }
      if (post.stage().compareTo(Stage.INDEXED) >= 0) {
        post.stale(PostWire.Staleness.WHOLE);
      }
      post.revised(stamp());
      return post;
    }
  }

  /** Its vector was made anew: every index is to have it, hence a new revision. */
  public static final class Reembedded extends PostChange {
    private static final long serialVersionUID = 1L;

    public Reembedded(long senderEpoch) {
      super(senderEpoch);
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post == null || post.stage().compareTo(Stage.INDEXED) < 0) {
        return null;
      }
      post.stale(PostWire.Staleness.WHOLE);
      post.revised(stamp());
      return post;
    }
  }

  /** What Postgres has, where it is ahead of the grid. */
  public static final class Adopted extends PostChange {
    private static final long serialVersionUID = 1L;

    private final PostWire stored;

    public Adopted(PostWire stored) {
      this.stored = stored;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      if (post != null && post.revision().compareTo(stored.revision()) >= 0) {
        return null;
      }
      if (stored.stage().compareTo(Stage.INDEXED) >= 0) {
        stored.stale(PostWire.Staleness.WHOLE);
      }
      return stored;
    }
  }

  /** What Postgres has, where the grid has nothing or is behind; it says itself what is stale. */
  public static final class Loaded extends PostChange {
    private static final long serialVersionUID = 1L;

    private final PostWire stored;

    public Loaded(PostWire stored) {
      this.stored = stored;
    }

    @Override
    @Nullable PostWire apply(@Nullable PostWire post) {
      boolean behind = post == null || post.revision().compareTo(stored.revision()) < 0;
      return behind ? stored : null;
    }
  }

  /** Removal, unless it has changed since it was looked at. */
  public static final class Dropped implements CacheEntryProcessor<String, PostWire, Boolean> {
    private static final long serialVersionUID = 1L;

    private final long epoch;
    private final long number;

    public Dropped(Revision seen) {
      this.epoch = seen.epoch();
      this.number = seen.number();
    }

    @Override
    public Boolean process(MutableEntry<String, PostWire> entry, Object... arguments) {
      boolean same =
          entry.exists() && entry.getValue().revision().equals(new Revision(epoch, number));
      if (same) {
        entry.remove();
      }
      return same;
    }
  }
}
