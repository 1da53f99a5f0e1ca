package io.pulsegrid.node.listen;

import static org.apache.ignite.cache.query.IndexQueryCriteriaBuilder.eq;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.IndexedQueue;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostChange;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.grid.wire.PostWire.Staleness;
import io.pulsegrid.node.grid.wire.Revision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * EMBEDDED to INDEXED, and whatever changed of a post since: keeps this node's index true to every
 * copy that the node holds. The stages and flags in the posts lead the primary's work; the primary
 * tells the nodes of the backups; and {@link IndexCatchUp} compares, where neither can be known.
 */
final class IndexStage implements StageWork {

  /** Each batch makes a segment, and merging those costs most where an index is made anew. */
  static final int BATCH = 4_000;

  private static final Duration COMMIT_EVERY = Duration.ofSeconds(10);
  private static final Duration NEWS_WAIT = Duration.ofSeconds(5);

  private final PostCaches caches;
  private final PostIndex index;
  private final InstantSource clock;
  private final IndexKeeper keeper;
  private final IndexCatchUp catchUp;
  private final CopyTeller teller;
  private final CopyNews news;
  private final IndexedQueue<PostWire> stages;
  private final IndexedQueue<PostWire> stale;
  private final Map<String, Instant> early = new HashMap<>();
  private Instant committed;
  private boolean uncommitted;

  /** What the stage works with. */
  record Parts(
      PostCaches caches,
      PostIndex index,
      IndexKeeper keeper,
      IndexCatchUp catchUp,
      CopyTeller teller,
      CopyNews news) {}

  IndexStage(Parts parts, InstantSource clock, MeterRegistry meters) {
    caches = parts.caches();
    index = parts.index();
    keeper = parts.keeper();
    catchUp = parts.catchUp();
    teller = parts.teller();
    news = parts.news();
    this.clock = clock;
    stages = new IndexedQueue<>(caches.posts(), PostWire.class, "stage_sequence");
    stale = new IndexedQueue<>(caches.posts(), PostWire.class, "stale");
    committed = clock.instant();
    meters.gauge("pulsegrid.index.posts", index, PostIndex::size);
    meters.gauge("pulsegrid.index.news", news, CopyNews::size);
  }

  @Override
  public String name() {
    return "index";
  }

  @Override
  public boolean work() {
    boolean more = primaries();
    more |= copies();
    more |= catchUp.work();
    uncommitted |= catchUp.changedTheIndex();
    commitWhenDue();
    return more;
  }

  /** How many partitions held here the index does not answer for yet. */
  int lacking() {
    return catchUp.lacking();
  }

  private boolean primaries() {
    Map<String, PostWire> due = stages.local(BATCH, eq("stage", Stage.EMBEDDED.rank()));
    due.putAll(stale.local(BATCH, eq("stale", Staleness.WHOLE.rank())));
    due.putAll(stale.local(BATCH, eq("stale", Staleness.VALUES.rank())));
    if (due.isEmpty()) {
      return false;
    }
    keeper.bring(due);
    index.refresh();
    uncommitted = true;
    Map<String, Revision> revisions = new HashMap<>();
    Map<String, PostChange.Indexed> changes = new TreeMap<>();
    due.forEach(
        (id, post) -> {
          revisions.put(id, post.revision());
          changes.put(id, new PostChange.Indexed(post.revision()));
        });
    // A crash before the copies' nodes are told leaves the posts as they are: the next primary
    // finds them and tells again.
    teller.tell(revisions);
    // A crash here, or before the next commit, loses what the index was given: the node compares
    // revisions when it starts, and adds it again.
    caches.posts().invokeAll(changes);
    forgetWhatIsGone(changes.keySet());
    return due.size() >= BATCH;
  }

  /** A post that was dropped while it was being indexed leaves the index again. */
  private void forgetWhatIsGone(Set<String> ids) {
    Set<String> gone = new HashSet<>(ids);
    gone.removeAll(caches.posts().getAll(ids).keySet());
    if (!gone.isEmpty()) {
      index.delete(gone.stream().map(PostId::new).toList());
    }
  }

  /** Indexes the copies that their primaries have told of. */
  private boolean copies() {
    Map<String, Revision> told = news.oldest(BATCH);
    if (told.isEmpty()) {
      early.clear();
      return false;
    }
    Instant now = clock.instant();
    Map<String, PostWire> posts = new LinkedHashMap<>();
    Map<String, Revision> settled = new HashMap<>();
    Map<String, Revision> notYet = new HashMap<>();
    told.forEach(
        (id, revision) -> {
          PostWire copy = keeper.copy(id);
          boolean here = false;
          if (copy != null && copy.revision().compareTo(revision) >= 0) {
            here = true;
            if (copy.stage().compareTo(Stage.EMBEDDED) >= 0) {
              posts.put(id, copy);
            }
          }
          // The news may be faster than the post. What never comes was dropped, or is not kept
          // here any more: the sweep sees to both.
          boolean waits =
              !here && now.isBefore(early.computeIfAbsent(id, _ -> now).plus(NEWS_WAIT));
          (waits ? notYet : settled).put(id, revision);
        });
    if (!posts.isEmpty()) {
      keeper.bring(posts);
      index.refresh();
      uncommitted = true;
    }
    news.settle(settled);
    early.keySet().removeAll(settled.keySet());
    news.later(notYet);
    return !posts.isEmpty() && told.size() == BATCH;
  }

  private void commitWhenDue() {
    Instant now = clock.instant();
    if (uncommitted && Duration.between(committed, now).compareTo(COMMIT_EVERY) >= 0) {
      index.commit();
      committed = now;
      uncommitted = false;
    }
  }
}
