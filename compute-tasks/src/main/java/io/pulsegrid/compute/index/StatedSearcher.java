package io.pulsegrid.compute.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.TermStatistics;
import org.jspecify.annotations.Nullable;

/** A search of one index that weighs words as they weigh among the posts of all. */
final class StatedSearcher extends IndexSearcher {
  private final WordStatistics statistics;

  StatedSearcher(IndexReader reader, WordStatistics statistics) {
    super(reader);
    this.statistics = statistics;
  }

  /** How frequent in this index the words of a query are. */
  static WordStatistics of(IndexReader reader, Query query) throws IOException {
    Set<Term> terms = new HashSet<>();
    query.visit(QueryVisitor.termCollector(terms));
    Map<String, WordStatistics.Word> words = new HashMap<>();
    for (Term term : terms) {
      int posts = reader.docFreq(term);
      if (posts > 0) {
        words.put(
            WordStatistics.key(term.field(), term.text()),
            new WordStatistics.Word(posts, reader.totalTermFreq(term)));
      }
    }
    Map<String, WordStatistics.Field> fields = new HashMap<>();
    for (String field : new String[] {PostFields.TITLE, PostFields.TEXT}) {
      int posts = reader.getDocCount(field);
      if (posts > 0) {
        fields.put(
            field,
            new WordStatistics.Field(
                posts, reader.getSumTotalTermFreq(field), reader.getSumDocFreq(field)));
      }
    }
    return new WordStatistics(words, fields);
  }

  // What came in since the statistics were gathered is in none of them: each is kept to what
  // Lucene takes for possible.
  @Override
  public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq) {
    WordStatistics.Word word =
        statistics.words().get(WordStatistics.key(term.field(), term.text()));
    if (word == null) {
      return new TermStatistics(term.bytes(), 1, 1);
    }
    long posts = Math.clamp(word.posts(), 1, posts(term.field()));
    return new TermStatistics(term.bytes(), posts, Math.max(posts, word.occurrences()));
  }

  @Override
  public @Nullable CollectionStatistics collectionStatistics(String name) throws IOException {
    CollectionStatistics here = super.collectionStatistics(name);
    WordStatistics.Field field = statistics.fields().get(name);
    if (here == null || field == null) {
      return here;
    }
    long posts = posts(name);
    long different = Math.max(posts, field.different());
    return new CollectionStatistics(
        name, posts, posts, Math.max(different, field.words()), different);
  }

  private long posts(String name) {
    WordStatistics.Field field = statistics.fields().get(name);
    return field == null ? Long.MAX_VALUE : Math.max(1, field.posts());
  }
}
