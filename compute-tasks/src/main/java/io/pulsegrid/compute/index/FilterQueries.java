package io.pulsegrid.compute.index;

import io.pulsegrid.core.search.SearchFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
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
    if (filter.trend() != null) {
      queries.add(
          NumericDocValuesField.newSlowExactQuery(
              PostFields.TREND, PostFields.trendKey(filter.trend())));
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
