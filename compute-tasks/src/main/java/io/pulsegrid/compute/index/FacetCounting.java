package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;

/** The count of all that match by their values, segment by segment. */
final class FacetCounting
    implements CollectorManager<FacetCounting.Counting, FacetCounting.Counts> {
  private final List<Facet> facets;

  FacetCounting(List<Facet> facets) {
    this.facets = facets;
  }

  /** How many posts match, in all and by value. */
  record Counts(long matches, List<FacetCounts> facets) {}

  @Override
  public Counting newCollector() {
    return new Counting(facets.stream().map(FacetCounting::tally).toList());
  }

  // An index is searched by one thread, so there is one collector.
  @Override
  public Counts reduce(Collection<Counting> counted) {
    long matches = 0;
    List<FacetCounts> all = new ArrayList<>();
    for (Counting counting : counted) {
      matches += counting.matches;
      counting.tallies.forEach(tally -> all.add(tally.counts()));
    }
    return new Counts(matches, all);
  }

  private static Tally tally(Facet facet) {
    return switch (facet) {
      case PLATFORM -> new ValueTally(facet, PostFields.PLATFORM);
      case LANG -> new ValueTally(facet, PostFields.LANG);
      case TAG -> new ValueTally(facet, PostFields.TAG);
      case AUTHOR -> new ValueTally(facet, PostFields.AUTHOR);
      case TREND -> new TrendTally();
    };
  }

  /** Counts the posts that it is shown. */
  static final class Counting extends SimpleCollector {
    private final List<Tally> tallies;
    private long matches;

    private Counting(List<Tally> tallies) {
      this.tallies = tallies;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      for (Tally tally : tallies) {
        tally.begin(context.reader());
      }
    }

    @Override
    public void collect(int doc) throws IOException {
      matches++;
      for (Tally tally : tallies) {
        tally.count(doc);
      }
    }

    @Override
    public void finish() throws IOException {
      for (Tally tally : tallies) {
        tally.end();
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }

  /** The count of one facet. */
  private abstract static class Tally {
    final Facet facet;
    final Map<String, Long> counts = new HashMap<>();
    final Map<String, PostId> examples = new HashMap<>();

    Tally(Facet facet) {
      this.facet = facet;
    }

    abstract void begin(LeafReader reader) throws IOException;

    abstract void count(int doc) throws IOException;

    abstract void end() throws IOException;

    FacetCounts counts() {
      if (counts.size() > FacetCounts.MOST_VALUES) {
        List<String> rarest =
            counts.entrySet().stream()
                .sorted(
                    Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .skip(FacetCounts.MOST_VALUES)
                .map(Map.Entry::getKey)
                .toList();
        rarest.forEach(counts::remove);
        examples.keySet().retainAll(counts.keySet());
      }
      return new FacetCounts(facet, counts, examples);
    }
  }

  /** Counts by the segment's own numbers of its values, and looks each value up once. */
  private static final class ValueTally extends Tally {
    private final String field;
    private SortedSetDocValues values = DocValues.emptySortedSet();
    private int[] byNumber = new int[0];

    ValueTally(Facet facet, String field) {
      super(facet);
      this.field = field;
    }

    @Override
    void begin(LeafReader reader) throws IOException {
      values = DocValues.getSortedSet(reader, field);
      byNumber = new int[Math.toIntExact(values.getValueCount())];
    }

    @Override
    void count(int doc) throws IOException {
      if (values.advanceExact(doc)) {
        for (int i = values.docValueCount(); i > 0; i--) {
          byNumber[(int) values.nextOrd()]++;
        }
      }
    }

    @Override
    void end() throws IOException {
      for (int number = 0; number < byNumber.length; number++) {
        if (byNumber[number] > 0) {
          counts.merge(values.lookupOrd(number).utf8ToString(), (long) byNumber[number], Long::sum);
        }
      }
    }
  }

  private static final class TrendTally extends Tally {
    private final Map<Long, Long> byKey = new HashMap<>();
    private NumericDocValues trends = DocValues.emptyNumeric();
    private BinaryDocValues ids = DocValues.emptyBinary();

    TrendTally() {
      super(Facet.TREND);
    }

    @Override
    void begin(LeafReader reader) throws IOException {
      trends = DocValues.getNumeric(reader, PostFields.TREND);
      ids = DocValues.getBinary(reader, PostFields.ID);
    }

    @Override
    void count(int doc) throws IOException {
      if (!trends.advanceExact(doc) || trends.longValue() == 0) {
        return;
      }
      long key = trends.longValue();
      if (byKey.merge(key, 1L, Long::sum) == 1 && ids.advanceExact(doc)) {
        examples.put(FacetCounts.trendKey(key), new PostId(ids.binaryValue().utf8ToString()));
      }
    }

    @Override
    void end() {}

    @Override
    FacetCounts counts() {
      byKey.forEach((key, count) -> counts.put(FacetCounts.trendKey(key), count));
      return super.counts();
    }
  }
}
