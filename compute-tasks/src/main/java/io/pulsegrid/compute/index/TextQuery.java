package io.pulsegrid.compute.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * What a person types, as a query: at least half of the words must be there, {@code "quoted words"}
 * must stand together, and what follows a {@code -} must not be there. Anything is valid; of a very
 * long text the first 64 words and 32 phrases count.
 */
final class TextQuery {
  private static final Pattern PART = Pattern.compile("(?<=^|\\s)(-?)\"([^\"]+)\"|(\\S+)");
  private static final int MOST_CHARS = 2_000;
  private static final int MOST_WORDS = 64;
  // Together far below the clauses that Lucene allows a query.
  private static final int MOST_PHRASES = 32;
  private static final float TITLE_WEIGHT = 1.5f;

  private final Analyzer analyzer;
  private final BooleanQuery.Builder query = new BooleanQuery.Builder();
  private final Set<String> words = new LinkedHashSet<>();
  private final List<Query> wantedPhrases = new ArrayList<>();
  private int phrases;

  private TextQuery(Analyzer analyzer) {
    this.analyzer = analyzer;
  }

  static Query parse(String text, Analyzer analyzer) {
    return read(text, analyzer).build();
  }

  /** A query that each of the words and phrases wanted matches by itself. */
  static Query anyOf(String text, Analyzer analyzer) {
    TextQuery parsed = read(text, analyzer);
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    parsed.wantedPhrases.forEach(each -> any.add(each, Occur.SHOULD));
    parsed.wantedWords().forEach(word -> any.add(inEitherField(List.of(word)), Occur.SHOULD));
    return any.build();
  }

  private static TextQuery read(String text, Analyzer analyzer) {
    TextQuery parsed = new TextQuery(analyzer);
    Matcher parts = PART.matcher(text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text);
    while (parts.find()) {
      if (parts.group(2) != null) {
        parsed.addPhrase(parts.group(2), parts.group(1).isEmpty() ? Occur.MUST : Occur.MUST_NOT);
      } else {
        parsed.addWord(parts.group(3));
      }
    }
    return parsed;
  }

  private void addPhrase(String quoted, Occur occur) {
    List<String> terms = terms(quoted).stream().limit(MOST_WORDS).toList();
    if (!terms.isEmpty() && phrases < MOST_PHRASES) {
      phrases++;
      Query phrase = inEitherField(terms);
      query.add(phrase, occur);
      if (occur == Occur.MUST) {
        wantedPhrases.add(phrase);
      }
    }
  }

  private void addWord(String word) {
    if (word.length() > 1 && word.charAt(0) == '-' && Character.isLetter(word.codePointAt(1))) {
      addPhrase(word.substring(1), Occur.MUST_NOT);
    } else {
      words.addAll(terms(word));
    }
  }

  private Query build() {
    List<String> wanted = wantedWords();
    if (wanted.isEmpty() && wantedPhrases.isEmpty()) {
      return new MatchNoDocsQuery("no word to look for");
    }
    wanted.forEach(word -> query.add(inEitherField(List.of(word)), Occur.SHOULD));
    // Beside a phrase that must be there, words only rank.
    query.setMinimumNumberShouldMatch(wantedPhrases.isEmpty() ? (wanted.size() + 1) / 2 : 0);
    return query.build();
  }

  private List<String> wantedWords() {
    return words.stream().limit(MOST_WORDS).toList();
  }

  private static Query inEitherField(List<String> terms) {
    Query title = new BoostQuery(inField(PostFields.TITLE, terms), TITLE_WEIGHT);
    return new DisjunctionMaxQuery(List.of(title, inField(PostFields.TEXT, terms)), 0.1f);
  }

  private static Query inField(String field, List<String> terms) {
    return terms.size() == 1
        ? new TermQuery(new Term(field, terms.getFirst()))
        : new PhraseQuery(field, terms.toArray(String[]::new));
  }

  private List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    try (TokenStream tokens = analyzer.tokenStream(PostFields.TEXT, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(term.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory reads without fail", e);
    }
    return terms;
  }
}
