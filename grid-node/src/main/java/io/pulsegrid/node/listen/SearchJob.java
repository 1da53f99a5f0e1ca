package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.BucketAffinity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search on one node, over the partitions that it is asked about. */
final class SearchJob extends NodeJob<SearchJob.Found> {
  private static final long serialVersionUID = 1L;

  private final @Nullable String text;
  private final float @Nullable [] vector;
  private final String workspace;
  private final @Nullable String platform;
  private final @Nullable Instant since;
  private final @Nullable Instant until;
  private final @Nullable String lang;
  private final @Nullable String tag;
  private final @Nullable String author;
  private final long minLikes;
  private final List<String> trends;
  private final int depth;
  private final long[] partitions;
  private final boolean lastResort;

  /** What is looked for, the same for every node. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(
      @Nullable String text,
      float @Nullable [] vector,
      SearchFilter filter,
      List<String> trends,
      int depth) {}

  /**
   * A question to one node.
   *
   * @param partitions which posts the node is to answer for, and no others
   * @param lastResort whether partitions that have moved away may be answered still
   */
  SearchJob(Question question, BitSet partitions, boolean lastResort) {
    this.partitions = partitions.toLongArray();
    this.lastResort = lastResort;
    text = question.text();
    float @Nullable [] asked = question.vector();
    vector = asked == null ? null : asked.clone();
    SearchFilter filter = question.filter();
    workspace = filter.workspace().value();
    platform = filter.platform();
    since = filter.since();
    until = filter.until();
    lang = filter.lang();
    tag = filter.tag();
    author = filter.author();
    minLikes = filter.minLikes();
    trends = new ArrayList<>(question.trends());
    depth = question.depth();
  }

  /** What a node found. */
  static final class Found {
    private final List<Scored> text = new ArrayList<>();
    private final List<Scored> vector = new ArrayList<>();
    private final long[] answered;
    private long matches;

    Found(BitSet answered) {
      this.answered = answered.toLongArray();
    }

    /** The partitions that it is about: what was asked for, less what the node cannot answer. */
    BitSet answered() {
      return BitSet.valueOf(answered);
    }

    List<Scored> text() {
      return text;
    }

    List<Scored> vector() {
      return vector;
    }

    /** How many posts match the words. */
    long matches() {
      return matches;
    }

    void add(PostIndex.Ranked ranked) {
      ranked.text().forEach(s -> text.add(new Scored(s.id().value(), s.score())));
      ranked.vector().forEach(s -> vector.add(new Scored(s.id().value(), s.score())));
      matches += ranked.matches();
    }
  }

  /** A post's id and its score in one ranking. */
  static final class Scored {
    private final String id;
    private final float score;

    Scored(String id, float score) {
      this.id = id;
      this.score = score;
    }

    String id() {
      return id;
    }

    float score() {
      return score;
    }
  }

  @Override
  Found run(LocalNode node) {
    BitSet answered = node.partitions().answerable(BitSet.valueOf(partitions), lastResort);
    Found found = new Found(answered);
    if (answered.isEmpty()) {
      return found;
    }
    // A trend that others were merged into is looked for under every id it has had.
    List<@Nullable TrendId> wanted = new ArrayList<>();
    trends.forEach(id -> wanted.add(new TrendId(id)));
    if (wanted.isEmpty()) {
      wanted.add(null);
    }
    for (@Nullable TrendId trend : wanted) {
      SearchFilter filter =
          new SearchFilter(
              new WorkspaceId(workspace),
              platform,
              since,
              until,
              lang,
              tag,
              trend,
              author,
              minLikes);
      found.add(
          node.index()
              .search(
                  text,
                  vector,
                  filter,
                  bucket -> answered.get(BucketAffinity.partitionOf(bucket)),
                  depth));
    }
    return found;
  }
}
