package io.pulsegrid.sim.mastodon;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Pattern;

/** How long Mastodon finds a text: in characters a reader sees, any link 23, mentions by name. */
final class CharacterCount {
  static final int MOST = 500;
  static final int LINK = 23;

  private static final Pattern LINKS = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?)]");
  private static final Pattern REMOTE_MENTIONS = Pattern.compile("(?<![\\w/])(@\\w+)@[\\w.-]+\\w");
  private static final String LINK_PLACE = "x".repeat(LINK);

  private CharacterCount() {}

  static int of(String text) {
    String linked = LINKS.matcher(text).replaceAll(LINK_PLACE);
    String counted = REMOTE_MENTIONS.matcher(linked).replaceAll("$1");
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(counted);
    int count = 0;
    while (characters.next() != BreakIterator.DONE) {
      count++;
    }
    return count;
  }
}
