package io.pulsegrid.compute.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A wording with its costume taken off: the words it says, folded, and the links it carries,
 * without what only counts clicks.
 */
record Reading(List<String> words, List<String> links) {
  // What retweeting adds stands at the edges. Looking no further also keeps the patterns that
  // backtrack away from texts made to keep them busy.
  private static final int EDGE = 400;
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern LINK =
      Pattern.compile(
          "(?:https?://|www\\.|(?<![\\w.])(?:t\\.co|bit\\.ly|ow\\.ly|goo\\.gl|tinyurl\\.com|"
              + "fb\\.me|dlvr\\.it|buff\\.ly|is\\.gd|pic\\.twitter\\.com)/)\\S*");
  // Retweets are often cut at the old length limit, in the middle of their link.
  private static final Pattern CUT_LINK =
      Pattern.compile("(?<=^|\\s)h(?:t(?:t(?:p:?/?)?)?)?\\s?\\.{3}\\s*$");
  private static final Pattern RETWEET =
      Pattern.compile("^(?:[^\\p{L}\\p{N}@#]*\\b(?:rt|mt)\\b[^\\p{L}\\p{N}@#]*(?:@\\w+[\\s:]*)+)+");
  // "@who: what was said", or with quotation marks and no colon.
  private static final Pattern QUOTED =
      Pattern.compile(
          "^[^\\p{L}\\p{N}@#]*(?:@\\w+\\s*:|[\"\u201c\u00ab]\\s*@\\w+\\s)[\\s\"\u201c\u00ab]*");
  // Whom a quotation is passed on to.
  private static final Pattern PASSED_TO =
      Pattern.compile("(?<=[\"\u201d\u00bb])\\s*(?:@\\w+[\\s?!.]*)+$");
  private static final Pattern CREDIT =
      Pattern.compile("[\\s(\\[|-]*\\b(?:via|h/t|rt)(?:\\s+@\\w+)+[\\s)\\].!\"\u201d?]*$");
  private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d),(?=\\d{3}(?!\\d))");
  private static final Pattern INITIALS = Pattern.compile("(?<![\\p{L}\\d])(?:\\p{L}\\.){2,12}");

  Reading {
    words = List.copyOf(words);
    links = List.copyOf(links);
  }

  static Reading of(String wording) {
    String text = SPACE.matcher(fold(wording)).replaceAll(" ");
    text = withoutPrefix(QUOTED, withoutPrefix(RETWEET, text));
    text = withoutSuffix(PASSED_TO, withoutPrefix(QUOTED, withoutPrefix(RETWEET, text)));
    List<String> links = new ArrayList<>();
    Matcher link = LINK.matcher(text);
    StringBuilder rest = new StringBuilder(text.length());
    while (link.find()) {
      Links.canonical(link.group()).ifPresent(links::add);
      link.appendReplacement(rest, " ");
    }
    link.appendTail(rest);
    text = withoutSuffix(CUT_LINK, rest.toString());
    text = withoutSuffix(CREDIT, text);
    text = THOUSANDS.matcher(text).replaceAll("");
    text = INITIALS.matcher(text).replaceAll(match -> match.group().replace(".", ""));
    return new Reading(words(text), links);
  }

  private static String withoutPrefix(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text).region(0, Math.min(text.length(), EDGE));
    return matcher.lookingAt() ? text.substring(matcher.end()) : text;
  }

  private static String withoutSuffix(Pattern pattern, String text) {
    Matcher matcher =
        pattern.matcher(text).region(Math.max(0, text.length() - EDGE), text.length());
    return matcher.find() ? text.substring(0, matcher.start()) : text;
  }

  private static String fold(String wording) {
    String text = Normalizer.normalize(unescape(wording), Normalizer.Form.NFKC);
    // Upper first: it opens what lower case alone keeps apart, such as the German sharp s.
    return Normalizer.normalize(
        text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
  }

  private static String unescape(String text) {
    if (text.indexOf('&') < 0) {
      return text;
    }
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int[] points = text.codePoints().filter(Reading::visible).toArray();
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      int before = i > 0 ? points[i - 1] : ' ';
      int after = i + 1 < points.length ? points[i + 1] : ' ';
      if (startsOrStaysIn(word, point)
          || joins(before, point, after)
          || marksLanguage(word, point, after)) {
        word.appendCodePoint(point);
      } else if (!apostrophe(before, point, after) && !word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean visible(int point) {
    return Character.getType(point) != Character.FORMAT && (point < 0xfe00 || point > 0xfe0f);
  }

  /** A mark belongs to the letter before it: one alone, such as a lone accent, begins no word. */
  private static boolean startsOrStaysIn(StringBuilder word, int point) {
    return word.isEmpty() ? Character.isLetterOrDigit(point) : inWord(point);
  }

  private static boolean inWord(int point) {
    return Character.isLetterOrDigit(point)
        || switch (Character.getType(point)) {
          case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
          default -> false;
        };
  }

  /** The point of 3.5, which must not read as 35. */
  private static boolean joins(int before, int point, int after) {
    return point == '.' && Character.isDigit(before) && Character.isDigit(after);
  }

  /** The end of C++ and C#, which are not C. */
  private static boolean marksLanguage(StringBuilder word, int point, int after) {
    return (point == '+' || point == '#')
        && !word.isEmpty()
        && word.length() <= 3
        && !Character.isDigit(word.charAt(0))
        && !inWord(after);
  }

  private static boolean apostrophe(int before, int point, int after) {
    return (point == '\'' || point == '\u2019' || point == '\u02bc')
        && inWord(before)
        && inWord(after);
  }
}
