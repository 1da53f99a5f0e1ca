package io.pulsegrid.compute.index;

import io.pulsegrid.core.search.SearchFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Filters as queries; what holds for every post of the index is left out, because it costs time.
 */
final class FilterQueries {
  private FilterQueries() {}

  /** The queries that a post must all match; none when everything may be found. */
  static List<Query> of(IndexReader reader, SearchFilter filter, IntPredicate bucketsServed)
      throws IOException {
    List<Query> queries = new ArrayList<>();
    Term workspace =
        new Term(PostFields.WORKSPACE, PostFields.keywordValue(filter.workspace().value()));
    if (reader.docFreq(workspace) < reader.maxDoc()) {
      queries.add(new TermQuery(workspace));
    }
    addKeyword(queries, PostFields.PLATFORM, filter.platform());
    addKeyword(queries, PostFields.LANG, filter.lang());
    addKeyword(queries, PostFields.TAG, filter.tag());
    addKeyword(queries, PostFields.AUTHOR, filter.author());
    addPublished(queries, filter);
    if (!filter.trends().isEmpty()) {
      queries.add(
          NumericDocValuesField.newSlowSetQuery(
              PostFields.TREND,
              filter.trends().stream().mapToLong(PostFields::trendKey).toArray()));
    }
    if (filter.minLikes() > 0) {
      queries.add(
          NumericDocValuesField.newSlowRangeQuery(
              PostFields.LIKES, filter.minLikes(), Long.MAX_VALUE));
    }
    Query buckets = BucketsQuery.of(bucketsServed);
    if (buckets != null) {
      queries.add(buckets);
    }
    return queries;
  }

  /** Whether any post matches them all. */
  static boolean matchesAny(IndexSearcher searcher, List<Query> queries) throws IOException {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    queries.forEach(query -> all.add(query, Occur.FILTER));
    if (queries.isEmpty()) {
      return searcher.getIndexReader().numDocs() > 0;
    }
    Query rewritten = searcher.rewrite(all.build());
    Weight weight = searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer != null && hasLive(scorer.iterator(), leaf.reader().getLiveDocs())) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLive(DocIdSetIterator posts, @Nullable Bits live) throws IOException {
    for (int doc = posts.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = posts.nextDoc()) {
      if (live == null || live.get(doc)) {
        return true;
      }
    }
    return false;
  }

  private static void addKeyword(List<Query> queries, String field, @Nullable String value) {
    if (value != null) {
      queries.add(new TermQuery(new Term(field, PostFields.keywordValue(value))));
    }
  }

  private static void addPublished(List<Query> queries, SearchFilter filter) {
    if (filter.since() == null && filter.until() == null) {
      return;
    }
    long from = filter.since() == null ? Long.MIN_VALUE : PostFields.millis(filter.since());
    long to = filter.until() == null ? Long.MAX_VALUE : before(PostFields.millis(filter.until()));
    queries.add(LongField.newRangeQuery(PostFields.PUBLISHED_AT, from, to));
  }

  private static long before(long millis) {
    return millis == Long.MIN_VALUE ? millis : millis - 1;
  }
}
