package io.pulsegrid.compute.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A wording with its costume taken off: the words it says, folded, and the links it carries,
 * without what only counts clicks.
 */
record Reading(List<String> words, List<String> links) {
  // What retweeting adds stands at the edges. Looking no further also keeps the patterns that
  // backtrack away from texts made to keep them busy.
  private static final int EDGE = 400;
  private static final List<String> SHORTENERS =
      List.of(
          "t.co/",
          "bit.ly/",
          "ow.ly/",
          "goo.gl/",
          "tinyurl.com/",
          "fb.me/",
          "dlvr.it/",
          "buff.ly/",
          "is.gd/",
          "pic.twitter.com/");
  private static final Pattern LINK =
      Pattern.compile(
          "(?:https?://|www\\.|(?<![\\w.])(?:"
              + SHORTENERS.stream().map(Pattern::quote).collect(Collectors.joining("|"))
              + "))\\S*");
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
    String text = spaced(fold(wording));
    // A pattern costs far more than a look for what it cannot do without, and each wording is read
    // several times: half of what a post took before it was embedded was this.
    boolean named = text.indexOf('@') >= 0;
    if (named) {
      text = withoutPrefix(QUOTED, withoutPrefix(RETWEET, text));
      text = withoutPrefix(QUOTED, withoutPrefix(RETWEET, text));
      if (text.contains("\"") || text.contains("\u201d") || text.contains("\u00bb")) {
        text = withoutSuffix(PASSED_TO, text);
      }
    }
    List<String> links = new ArrayList<>();
    text = withoutLinks(text, links);
    if (text.contains("...")) {
      text = withoutSuffix(CUT_LINK, text);
    }
    if (named && (text.contains("via ") || text.contains("h/t ") || text.contains("rt "))) {
      text = withoutSuffix(CREDIT, text);
    }
    if (hasCommaBetweenDigits(text)) {
      text = THOUSANDS.matcher(text).replaceAll("");
    }
    if (hasPointsAroundOneLetter(text)) {
      text = INITIALS.matcher(text).replaceAll(match -> match.group().replace(".", ""));
    }
    return new Reading(words(text), links);
  }

  /** White space of any length as one space. */
  private static String spaced(String text) {
    StringBuilder spaced = new StringBuilder(text.length());
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean white = c == ' ' || (c >= '\t' && c <= '\r');
      if (!white) {
        spaced.append(c);
      } else if (!within) {
        spaced.append(' ');
      }
      within = white;
    }
    return spaced.toString();
  }

  private static String withoutLinks(String text, List<String> links) {
    int first = firstPossibleLink(text);
    if (first < 0) {
      return text;
    }
    Matcher link = LINK.matcher(text);
    StringBuilder rest = new StringBuilder(text.length());
    for (boolean found = link.find(first); found; found = link.find()) {
      Links.canonical(link.group()).ifPresent(links::add);
      link.appendReplacement(rest, " ");
    }
    link.appendTail(rest);
    return rest.toString();
  }

  /** Before which there is no link; negative where there is none at all. */
  private static int firstPossibleLink(String text) {
    int first = earlier(text.indexOf("http"), text.indexOf("www."));
    if (text.indexOf('/') >= 0) {
      for (String shortener : SHORTENERS) {
        first = earlier(first, text.indexOf(shortener));
      }
    }
    return first;
  }

  private static int earlier(int one, int other) {
    return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
  }

  private static boolean hasCommaBetweenDigits(String text) {
    for (int i = text.indexOf(',', 1);
        i >= 0 && i + 1 < text.length();
        i = text.indexOf(',', i + 1)) {
      if (Character.isDigit(text.charAt(i - 1)) && Character.isDigit(text.charAt(i + 1))) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is anything like U.N.; a letter may be two characters. */
  private static boolean hasPointsAroundOneLetter(String text) {
    for (int i = text.indexOf('.'); i >= 0; i = text.indexOf('.', i + 1)) {
      boolean one = text.startsWith(".", i + 2) && Character.isLetter(text.charAt(i + 1));
      if (one || (text.startsWith(".", i + 3) && Character.isLetter(text.codePointAt(i + 1)))) {
        return true;
      }
    }
    return false;
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
    String plain = unescape(wording);
    if (isAscii(plain)) {
      // All of what follows does no more to it.
      return plain.toLowerCase(Locale.ROOT);
    }
    String text = Normalizer.normalize(plain, Normalizer.Form.NFKC);
    // Upper first: it opens what lower case alone keeps apart, such as the German sharp s.
    return Normalizer.normalize(
        text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
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
