package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.compute.index.WordStatistics;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node knows ahead of a search: how frequent the words are, and whether it can matter. */
final class PrepareJob extends NodeJob<PrepareJob.Prepared> {
  private static final long serialVersionUID = 1L;

  private final @Nullable String text;
  private final FilterWire filter;

  PrepareJob(@Nullable String text, FilterWire filter) {
    this.text = text;
    this.filter = filter;
  }

  /** What a node knows. */
  static final class Prepared {
    private final WordsWire words;
    private final long[] indexed;
    private final boolean any;

    Prepared(WordStatistics words, BitSet indexed, boolean any) {
      this.words = new WordsWire(words);
      this.indexed = indexed.toLongArray();
      this.any = any;
    }

    WordStatistics words() {
      return words.statistics();
    }

    /** The partitions of which the node has every post in its index. */
    BitSet indexed() {
      return BitSet.valueOf(indexed);
    }

    /** Whether any post of the index passes the filter. */
    boolean any() {
      return any;
    }
  }

  @Override
  Prepared run(LocalNode node) {
    // Before the look into the index: a partition that is complete afterwards may not have been.
    BitSet indexed = node.partitions().complete();
    PostIndex index = node.index();
    return new Prepared(
        text == null ? new WordStatistics(Map.of(), Map.of()) : index.statistics(text),
        indexed,
        index.leavesAny(filter.filter()));
  }
}
