package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Measure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts as several platforms look at them. */
final class Texts {
  static final Pattern LINKS = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?)]");
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private Texts() {}

  /**
   * A text under a title: its first line, without the marks of a heading.
   *
   * @param body what follows; may be empty
   */
  record Titled(String title, String body) {
    static final String UNTITLED = "its first line, the title, must not be empty";

    Measure titleMeasure(int most) {
      return new Measure("its first line, the title,", codePoints(title), most, "characters");
    }

    static Titled of(String text) {
      String[] parts = text.strip().split("\\R", 2);
      return new Titled(
          parts[0].replaceFirst("^#+\\s+", "").strip(), parts.length == 1 ? "" : parts[1].strip());
    }
  }

  /** How many characters a reader sees. */
  static int characters(String text) {
    Matcher characters = CHARACTER.matcher(text);
    int count = 0;
    while (characters.find()) {
      count++;
    }
    return count;
  }

  static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The last link in a text, which is the one that a preview is made of. */
  static Optional<String> lastLink(String text) {
    return LINKS.matcher(text).results().map(MatchResult::group).reduce((_, last) -> last);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The fields as a form's body. */
  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }
}
