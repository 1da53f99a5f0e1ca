package io.pulsegrid.compute.index;

import io.pulsegrid.compute.index.PostIndex.Ranked;
import io.pulsegrid.compute.index.PostIndex.Scored;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/** One search of one state of the index. */
final class PostSearch {
  /** Up to how many matches are counted; beyond, words that cannot matter are skipped over. */
  private static final int COUNTED = 10_000;

  /**
   * How many neighbours a graph is asked for at least: asking for ten alone finds but 85 of a
   * hundred. A walk that steps over what a filter leaves out loses its way sooner.
   */
  private static final int BREADTH = 200;

  private static final int FILTERED_BREADTH = 400;

  private static final Analyzer ANALYZER = new PostAnalyzer();

  private final IndexSearcher searcher;
  private final List<Query> filters;
  private final int depth;

  private PostSearch(IndexSearcher searcher, List<Query> filters, int depth) {
    this.searcher = searcher;
    this.filters = filters;
    this.depth = depth;
  }

  static PostSearch of(
      IndexSearcher searcher, SearchFilter filter, IntPredicate bucketsServed, int depth)
      throws IOException {
    List<Query> filters = FilterQueries.of(searcher.getIndexReader(), filter, bucketsServed);
    int posts = Math.max(1, searcher.getIndexReader().numDocs());
    return new PostSearch(searcher, filters, Math.min(depth, posts));
  }

  Ranked find(@Nullable String text, float @Nullable [] vector) throws IOException {
    TopDocs byWords = text == null ? none() : byWords(text);
    TopDocs byVector = vector == null ? none() : byVector(vector);
    return new Ranked(
        named(byWords.scoreDocs), named(byVector.scoreDocs), byWords.totalHits.value());
  }

  private static TopDocs none() {
    return new TopDocs(new TotalHits(0, TotalHits.Relation.EQUAL_TO), new ScoreDoc[0]);
  }

  private TopDocs byWords(String text) throws IOException {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    query.add(TextQuery.parse(text, ANALYZER), Occur.MUST);
    filters.forEach(filter -> query.add(filter, Occur.FILTER));
    return searcher.search(
        query.build(), new TopScoreDocCollectorManager(depth, null, Math.max(depth, COUNTED)));
  }

  private TopDocs byVector(float[] vector) throws IOException {
    int breadth = filters.isEmpty() ? BREADTH : FILTERED_BREADTH;
    Query nearest = new NearestQuery(vector, Math.max(depth, breadth), allFilters());
    TopDocs hits = searcher.search(nearest, depth);
    for (ScoreDoc hit : hits.scoreDocs) {
      hit.score = 2 * hit.score - 1; // Lucene moves the cosine into 0 to 1
    }
    return hits;
  }

  private @Nullable Query allFilters() {
    if (filters.size() < 2) {
      return filters.isEmpty() ? null : filters.getFirst();
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    filters.forEach(filter -> all.add(filter, Occur.FILTER));
    return all.build();
  }

  // Columns are read forwards, so the hits are visited in the order of the index.
  private List<Scored> named(ScoreDoc[] hits) throws IOException {
    Integer[] order = new Integer[hits.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> hits[i].doc));
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    List<Scored> named = new ArrayList<>(Collections.nCopies(hits.length, null));
    int leaf = -1;
    BinaryDocValues ids = DocValues.emptyBinary();
    for (int i : order) {
      int home = ReaderUtil.subIndex(hits[i].doc, leaves);
      if (home != leaf) {
        leaf = home;
        ids = DocValues.getBinary(leaves.get(leaf).reader(), PostFields.ID);
      }
      if (!ids.advanceExact(hits[i].doc - leaves.get(leaf).docBase)) {
        throw new IllegalStateException(
            "every document must have an id, " + hits[i].doc + " lacks it");
      }
      named.set(i, new Scored(new PostId(ids.binaryValue().utf8ToString()), hits[i].score));
    }
    return named;
  }
}
