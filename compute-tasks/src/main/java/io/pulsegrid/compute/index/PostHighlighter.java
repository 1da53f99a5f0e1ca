package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.search.SearchAnswer.Highlights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.search.uhighlight.WholeBreakIterator;
import org.jspecify.annotations.Nullable;

/**
 * Where posts have the words of one search. It reads the posts' own wording, the first 10,000
 * characters of it, so that the index need not keep it. For one thread.
 */
public final class PostHighlighter {
  private static final int PASSAGES = 3;
  private static final int PASSAGE_LENGTH = 160;
  private static final int MOST_CHARS = 10_000;

  private final Query query;
  private final UnifiedHighlighter titles;
  private final UnifiedHighlighter texts;

  /**
   * For words as {@link PostIndex} is asked for them: {@code "quotes"} are shown where they stand
   * together, {@code -exclusions} nowhere.
   */
  public PostHighlighter(String words) {
    Analyzer analyzer = new PostAnalyzer();
    query = TextQuery.anyOf(words, analyzer);
    titles = highlighter(analyzer, WholeBreakIterator::new);
    texts =
        highlighter(
            analyzer,
            () ->
                LengthGoalBreakIterator.createClosestToLength(
                    BreakIterator.getWordInstance(Locale.ROOT), PASSAGE_LENGTH, 0.5f));
  }

  /** What to show of a post. */
  public Highlights of(Content content) {
    return new Highlights(
        shown(titles, PostFields.TITLE, content.title(), 1),
        shown(texts, PostFields.TEXT, content.text(), PASSAGES));
  }

  private static UnifiedHighlighter highlighter(
      Analyzer analyzer, Supplier<BreakIterator> passages) {
    return UnifiedHighlighter.builderWithoutSearcher(analyzer)
        .withBreakIterator(passages)
        .withFormatter(new Html())
        .withMaxLength(MOST_CHARS)
        .withMaxNoHighlightPassages(0)
        .build();
  }

  private List<String> shown(
      UnifiedHighlighter highlighter, String field, @Nullable String content, int passages) {
    if (content == null || content.isEmpty()) {
      return List.of();
    }
    try {
      Object shown = highlighter.highlightWithoutSearcher(field, query, content, passages);
      return shown instanceof Html.Passages html ? html.list() : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory reads without fail", e);
    }
  }

  /** Passages as HTML, each by itself. */
  private static final class Html extends PassageFormatter {
    record Passages(List<String> list) {}

    @Override
    public Object format(Passage[] passages, String content) {
      List<String> list = new ArrayList<>();
      for (Passage passage : passages) {
        list.add(html(passage, content).strip());
      }
      return new Passages(list);
    }

    private static String html(Passage passage, String content) {
      StringBuilder html = new StringBuilder();
      int written = passage.getStartOffset();
      for (int match = 0; match < passage.getNumMatches(); match++) {
        int start = Math.max(written, passage.getMatchStarts()[match]);
        int end = Math.min(passage.getEndOffset(), passage.getMatchEnds()[match]);
        if (start < end) {
          escape(html, content, written, start);
          html.append("<em>");
          escape(html, content, start, end);
          html.append("</em>");
          written = end;
        }
      }
      escape(html, content, written, passage.getEndOffset());
      return html.toString();
    }

    private static void escape(StringBuilder html, String content, int from, int to) {
      for (int i = from; i < to; i++) {
        char c = content.charAt(i);
        switch (c) {
          case '&' -> html.append("&amp;");
          case '<' -> html.append("&lt;");
          case '>' -> html.append("&gt;");
          case '"' -> html.append("&quot;");
          case '\'' -> html.append("&#39;");
          default -> html.append(c);
        }
      }
    }
  }
}
