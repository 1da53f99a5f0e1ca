package io.pulsegrid.compute.index;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.knn.KnnCollectorManager;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The posts nearest to a vector. Where a filter leaves no more than some ten thousand posts, each
 * of them is compared: that is exact, and no slower than a walk through a graph whose nodes mostly
 * do not count. Where it leaves more, the walk steps over what does not match (ACORN).
 *
 * <p>Measured over 200,000 posts, filter leaving 10 %: comparing 2.8 ms at a recall of 1, ACORN 2.9
 * ms at .91, a walk through everything 12 ms at .999.
 */
final class NearestQuery extends KnnFloatVectorQuery {
  /** Up to how many posts of the index are compared one by one: about 6 ms of one core. */
  private static final int FEW = 40_000;

  private static final KnnSearchStrategy STRATEGY =
      new KnnSearchStrategy.Hnsw(KnnSearchStrategy.DEFAULT_FILTERED_SEARCH_THRESHOLD);

  private long compared;

  /** For one search. */
  NearestQuery(float[] vector, int count, @Nullable Query filter) {
    super(PostFields.VECTOR, vector, count, filter, STRATEGY);
  }

  /** How many vectors the search has compared, along a graph or one by one. */
  long compared() {
    return compared;
  }

  @Override
  protected TopDocs mergeLeafResults(TopDocs[] found) {
    TopDocs merged = super.mergeLeafResults(found);
    compared = merged.totalHits.value();
    return merged;
  }

  @Override
  protected TopDocs approximateSearch(
      LeafReaderContext context,
      AcceptDocs accepted,
      int visitedLimit,
      KnnCollectorManager collectors)
      throws IOException {
    if (getFilter() != null && visitedLimit <= fewOf(context)) {
      // An answer that is not complete makes the caller compare them all.
      return new TopDocs(
          new TotalHits(0, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO), new ScoreDoc[0]);
    }
    return super.approximateSearch(context, accepted, visitedLimit, collectors);
  }

  // A segment's share of the few is as large as its share of the index.
  private static long fewOf(LeafReaderContext context) {
    long all = ReaderUtil.getTopLevelContext(context).reader().maxDoc();
    return Math.max(1, (long) FEW * context.reader().maxDoc() / Math.max(1, all));
  }
}
