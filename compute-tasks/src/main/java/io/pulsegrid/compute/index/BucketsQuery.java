package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/** Matches the posts of some buckets: those for which this node answers just now. */
final class BucketsQuery extends Query {
  private final BitSet served;

  private BucketsQuery(BitSet served) {
    this.served = served;
  }

  /** A query for the buckets served; null when that is all of them. */
  static @Nullable Query of(IntPredicate bucketsServed) {
    BitSet served = new BitSet(PostId.BUCKETS);
    IntStream.range(0, PostId.BUCKETS).filter(bucketsServed).forEach(served::set);
    return served.cardinality() == PostId.BUCKETS ? null : new BucketsQuery(served);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        NumericDocValues buckets = context.reader().getNumericDocValues(PostFields.BUCKET);
        if (buckets == null) {
          return null;
        }
        TwoPhaseIterator matching =
            new TwoPhaseIterator(buckets) {
              @Override
              public boolean matches() throws IOException {
                return served.get((int) buckets.longValue());
              }

              @Override
              public float matchCost() {
                return 4;
              }
            };
        Scorer scorer = new ConstantScoreScorer(score(), scoreMode, matching);
        return new DefaultScorerSupplier(scorer);
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return true; // a post never changes its bucket
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return served.cardinality() + " buckets";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BucketsQuery query && served.equals(query.served);
  }

  @Override
  public int hashCode() {
    return served.hashCode();
  }
}
