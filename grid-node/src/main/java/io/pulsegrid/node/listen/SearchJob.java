package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.IndexQuery;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.compute.index.WordStatistics;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.node.grid.BucketAffinity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search on one node, over the partitions that it is asked about. */
final class SearchJob extends NodeJob<SearchJob.Found> {
  private static final long serialVersionUID = 1L;

  private static final PostIndex.Ranked NOTHING =
      new PostIndex.Ranked(List.of(), List.of(), 0, 0, List.of());

  private final @Nullable String text;
  private final float @Nullable [] vector;
  private final FilterWire filter;
  private final @Nullable WordsWire words;
  private final List<Facet> facets;
  private final @Nullable String except;
  private final int depth;
  private final long[] partitions;
  private final boolean lastResort;

  /** What is looked for, the same for every node. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(
      @Nullable String text,
      float @Nullable [] vector,
      FilterWire filter,
      IndexQuery.Detail detail,
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
    filter = question.filter();
    IndexQuery.Detail detail = question.detail();
    WordStatistics statistics = detail.statistics();
    words = statistics == null ? null : new WordsWire(statistics);
    facets = new ArrayList<>(detail.facets());
    PostId left = detail.except();
    except = left == null ? null : left.value();
    depth = question.depth();
  }

  /** What a node found. */
  static final class Found {
    private final List<Scored> text = new ArrayList<>();
    private final List<Scored> vector = new ArrayList<>();
    private final List<FacetTally> facets = new ArrayList<>();
    private final long[] answered;
    private final long matches;
    private final long compared;

    Found(BitSet answered, PostIndex.Ranked ranked) {
      this.answered = answered.toLongArray();
      ranked.text().forEach(s -> text.add(new Scored(s.id().value(), s.score())));
      ranked.vector().forEach(s -> vector.add(new Scored(s.id().value(), s.score())));
      ranked.facets().forEach(counts -> facets.add(FacetTally.of(counts)));
      matches = ranked.matches();
      compared = ranked.compared();
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

    /** With how many vectors that of the question was compared. */
    long compared() {
      return compared;
    }

    /** What was counted of each facet. */
    List<FacetTally> facets() {
      return facets;
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
    if (answered.isEmpty()) {
      return new Found(answered, NOTHING);
    }
    IndexQuery.Detail detail =
        new IndexQuery.Detail(
            words == null ? null : words.statistics(),
            facets,
            except == null ? null : new PostId(except));
    return new Found(
        answered,
        node.index()
            .search(
                new IndexQuery(
                    text,
                    vector,
                    filter.filter(),
                    bucket -> answered.get(BucketAffinity.partitionOf(bucket)),
                    depth,
                    detail)));
  }
}
