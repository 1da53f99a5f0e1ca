package io.pulsegrid.connectors.mastodon;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long Mastodon finds a text: characters as a reader sees them, every link 23 of them, remote
 * mentions without their server.
 */
final class TextLength {
  private static final String LINK_PLACE = "x".repeat(23);
  private static final Pattern LINKS = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?)]");
  // Nothing is given back: a repeated group that can go back recurses, once for each part of a
  // name.
  private static final Pattern REMOTE_MENTIONS =
      Pattern.compile("(?<![\\w/])(@\\w++(?:[.-]++\\w++)*+)@[\\w.-]+\\w");
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private TextLength() {}

  static int of(String text) {
    Matcher characters =
        CHARACTER.matcher(withoutServers(LINKS.matcher(text).replaceAll(LINK_PLACE)));
    int count = 0;
    while (characters.find()) {
      count++;
    }
    return count;
  }

  /** The text with {@code @name@server} told as {@code @name}, as Mastodon shows it. */
  static String withoutServers(String text) {
    return REMOTE_MENTIONS.matcher(text).replaceAll("$1");
  }
}
