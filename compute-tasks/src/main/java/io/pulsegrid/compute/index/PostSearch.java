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
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/** One search of one state of the index. */
final class PostSearch {
  /**
   * How many neighbours a graph is asked for at least: asking for ten alone finds but 85 of a
   * hundred. A walk that steps over what a filter leaves out loses its way sooner.
   */
  private static final int BREADTH = 200;

  private static final int FILTERED_BREADTH = 400;

  private static final Analyzer ANALYZER = new PostAnalyzer();

  /** Best first; equal scores in the order of ids, at every node alike. */
  private static final Sort BEST =
      new Sort(SortField.FIELD_SCORE, new SortField(PostFields.TIE, SortField.Type.LONG));

  private final IndexSearcher searcher;
  private final IndexQuery asked;
  private final List<Query> filters;
  private final int depth;
  private long compared;

  private PostSearch(IndexSearcher searcher, IndexQuery asked) throws IOException {
    IndexReader reader = searcher.getIndexReader();
    WordStatistics statistics = asked.detail().statistics();
    this.searcher = statistics == null ? searcher : new StatedSearcher(reader, statistics);
    this.asked = asked;
    filters = FilterQueries.of(reader, asked.filter(), asked.bucketsServed());
    depth = Math.min(asked.depth(), Math.max(1, reader.numDocs()));
  }

  static Ranked find(IndexSearcher searcher, IndexQuery asked) throws IOException {
    return new PostSearch(searcher, asked).find();
  }

  /** How frequent the words of a search are here. */
  static WordStatistics statistics(IndexSearcher searcher, String text) throws IOException {
    return StatedSearcher.of(searcher.getIndexReader(), TextQuery.parse(text, ANALYZER));
  }

  /** Whether a filter leaves anything; stops at the first post. */
  static boolean leavesAny(IndexSearcher searcher, SearchFilter filter) throws IOException {
    List<Query> filters = FilterQueries.of(searcher.getIndexReader(), filter, _ -> true);
    return FilterQueries.matchesAny(searcher, filters);
  }

  private Ranked find() throws IOException {
    TopDocs byWords = asked.text() == null ? none() : byWords(asked.text());
    TopDocs byVector = asked.vector() == null ? none() : byVector(asked.vector());
    long matches = byWords.totalHits.value();
    List<FacetCounts> facets = List.of();
    if (!asked.detail().facets().isEmpty()) {
      FacetCounting.Counts counted =
          searcher.search(counted(), new FacetCounting(asked.detail().facets()));
      facets = counted.facets();
      matches = asked.text() == null ? matches : counted.matches();
    }
    return new Ranked(
        named(byWords.scoreDocs), named(byVector.scoreDocs), matches, compared, facets);
  }

  private static TopDocs none() {
    return new TopDocs(new TotalHits(0, TotalHits.Relation.EQUAL_TO), new ScoreDoc[0]);
  }

  private TopDocs byWords(String text) throws IOException {
    Query query = filtered(TextQuery.parse(text, ANALYZER));
    return best(query, Math.max(depth, Ranked.COUNTED));
  }

  private Query counted() {
    return filtered(
        asked.text() == null
            ? MatchAllDocsQuery.INSTANCE
            : TextQuery.parse(asked.text(), ANALYZER));
  }

  private Query filtered(Query wanted) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    query.add(wanted, Occur.MUST);
    filters.forEach(filter -> query.add(filter, Occur.FILTER));
    PostId except = asked.detail().except();
    if (except != null) {
      query.add(new TermQuery(PostFields.idTerm(except)), Occur.MUST_NOT);
    }
    return query.build();
  }

  private TopDocs byVector(float[] vector) throws IOException {
    int breadth = filters.isEmpty() ? BREADTH : FILTERED_BREADTH;
    NearestQuery nearest = new NearestQuery(vector, Math.max(depth, breadth), allFilters());
    TopDocs hits = best(exact(nearest, vector), Integer.MAX_VALUE);
    compared = nearest.compared();
    for (ScoreDoc hit : hits.scoreDocs) {
      hit.score = 2 * hit.score - 1; // Lucene moves the cosine into 0 to 1
    }
    return hits;
  }

  /** Those found by their bytes are ranked by their whole vectors, as everywhere else. */
  private Query exact(NearestQuery nearest, float[] vector) {
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FieldInfo field = leaf.reader().getFieldInfos().fieldInfo(PostFields.VECTOR);
      if (field != null
          && Lucene104HnswScalarQuantizedVectorsFormat.NAME.equals(
              field.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY))) {
        return RescoreTopNQuery.createFullPrecisionRescorerQuery(
            nearest, vector, PostFields.VECTOR, nearest.getK());
      }
    }
    return nearest;
  }

  private TopDocs best(Query query, int counted) throws IOException {
    TopDocs hits = searcher.search(query, new TopFieldCollectorManager(BEST, depth, null, counted));
    for (ScoreDoc hit : hits.scoreDocs) {
      hit.score = (float) ((FieldDoc) hit).fields[0];
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
