package io.pulsegrid.compute.index;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
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
 * The posts nearest to a vector. Where a filter leaves few posts in a segment, each of them is
 * compared: that is exact, and sooner done than a walk through a graph whose nodes mostly do not
 * count. Where it leaves more, the walk steps over what does not match (ACORN).
 */
final class NearestQuery extends KnnFloatVectorQuery {
  /** Up to how many posts of a segment are compared one by one: under a millisecond's work. */
  static final int FEW = 5_000;

  private static final KnnSearchStrategy STRATEGY =
      new KnnSearchStrategy.Hnsw(KnnSearchStrategy.DEFAULT_FILTERED_SEARCH_THRESHOLD);

  NearestQuery(float[] vector, int count, @Nullable Query filter) {
    super(PostFields.VECTOR, vector, count, filter, STRATEGY);
  }

  @Override
  protected TopDocs approximateSearch(
      LeafReaderContext context,
      AcceptDocs accepted,
      int visitedLimit,
      KnnCollectorManager collectors)
      throws IOException {
    if (getFilter() != null && visitedLimit <= FEW) {
      // An answer that is not complete makes the caller compare them all.
      return new TopDocs(
          new TotalHits(0, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO), new ScoreDoc[0]);
    }
    return super.approximateSearch(context, accepted, visitedLimit, collectors);
  }
}
