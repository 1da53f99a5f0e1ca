package io.pulsegrid.connectors.text;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** Text as a person reads it: no markup, no control characters, no runs of blanks. */
public final class PlainText {
  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u200b\\ufeff&&[^\\n]]+");
  private static final Pattern AROUND_BREAKS = Pattern.compile(" ?\\n ?");
  private static final Pattern MANY_BREAKS = Pattern.compile("\\n{3,}");
  private static final Pattern INLINE_MARKUP =
      Pattern.compile(
          "</?(?:a|b|i|u|em|strong|span|font|br|p|sup|sub|code|small|img|wbr)(?:\\s[^<>]*)?/?>",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ENTITY = Pattern.compile("&(?:#\\d+|#[xX][0-9a-fA-F]+|\\w+);");

  private PlainText() {}

  /** The text of HTML, with a line for each block; empty when nothing can be read. */
  public static Optional<String> ofHtml(@Nullable String html) {
    if (html == null) {
      return Optional.empty();
    }
    if (html.indexOf('<') < 0 && html.indexOf('&') < 0) {
      return tidy(html);
    }
    var lines = new LineCollector();
    Jsoup.parseBodyFragment(html).body().traverse(lines);
    return tidy(lines.text.toString());
  }

  /**
   * The text of a field that may or may not be HTML, such as an RSS title: entities are read and
   * inline markup is dropped, while other angle brackets stay what they are.
   */
  public static Optional<String> ofPerhapsHtml(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    String plain = INLINE_MARKUP.matcher(text).replaceAll("");
    if (ENTITY.matcher(plain).find()) {
      plain = Parser.unescapeEntities(plain, false);
    }
    return line(plain);
  }

  /** Plain text whose entities are written out, with its line breaks. */
  public static Optional<String> ofEscaped(@Nullable String text) {
    return text == null || !ENTITY.matcher(text).find()
        ? tidy(text)
        : tidy(Parser.unescapeEntities(text, false));
  }

  /** Plain text on one line. */
  public static Optional<String> line(@Nullable String text) {
    return text == null ? Optional.empty() : tidy(text.replace('\n', ' '));
  }

  /** Plain text with its line breaks, without what a store or a screen cannot take. */
  public static Optional<String> tidy(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    String clean = storable(text).replace("\r\n", "\n").replace('\r', '\n');
    clean = BLANKS.matcher(clean).replaceAll(" ");
    clean = AROUND_BREAKS.matcher(clean).replaceAll("\n");
    clean = MANY_BREAKS.matcher(clean).replaceAll("\n\n").strip();
    return clean.isEmpty() ? Optional.empty() : Optional.of(clean);
  }

  /** Cuts a text to a length without tearing a character in two. */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }

  /** The same text without NUL, and with U+FFFD for halves of surrogate pairs. */
  public static String storable(String text) {
    if (isStorable(text)) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(point -> point != 0)
        .map(point -> point >= 0xd800 && point <= 0xdfff ? 0xfffd : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** Whether every store keeps this text as it is: no NUL, no half of a surrogate pair. */
  public static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == 0 || Character.isLowSurrogate(at)) {
        return false;
      }
      if (Character.isHighSurrogate(at)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Gathers text nodes, breaking the line at blocks. */
  private static final class LineCollector implements NodeVisitor {
    private final StringBuilder text = new StringBuilder();
    private int hidden;

    @Override
    public void head(Node node, int depth) {
      switch (node) {
        case TextNode words when hidden == 0 ->
            text.append(words.getWholeText().replace('\n', ' '));
        case Element element when isHidden(element) -> hidden++;
        case Element element when isBreak(element) -> text.append('\n');
        default -> {}
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        if (isHidden(element)) {
          hidden--;
        } else if (element.isBlock()) {
          text.append('\n');
        }
      }
    }

    private static boolean isBreak(Element element) {
      return element.isBlock() || element.normalName().equals("br");
    }

    private static boolean isHidden(Element element) {
      return switch (element.normalName()) {
        case "script", "style", "noscript", "template" -> true;
        default -> false;
      };
    }
  }
}
