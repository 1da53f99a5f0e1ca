package io.pulsegrid.connectors.publish;

import java.util.regex.Pattern;

/**
 * How long Mastodon finds a text: characters as a reader sees them, every link 23 of them, remote
 * mentions without their server.
 */
final class MastodonLength {
  private static final String LINK_PLACE = "x".repeat(23);
  // Nothing is given back: a repeated group that can go back recurses, once for each part of a
  // name.
  private static final Pattern REMOTE_MENTIONS =
      Pattern.compile("(?<![\\w/])(@\\w++(?:[.-]++\\w++)*+)@[\\w.-]+\\w");

  private MastodonLength() {}

  static int of(String text) {
    return Texts.characters(withoutServers(Texts.LINKS.matcher(text).replaceAll(LINK_PLACE)));
  }

  /** The text with {@code @name@server} told as {@code @name}, as Mastodon shows it. */
  static String withoutServers(String text) {
    return REMOTE_MENTIONS.matcher(text).replaceAll("$1");
  }
}
