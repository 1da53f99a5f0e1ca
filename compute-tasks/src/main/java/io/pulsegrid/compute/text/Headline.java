package io.pulsegrid.compute.text;

import java.util.regex.Pattern;

/**
 * A wording as a headline: its first line, without retweet marks and links, cut where it is long.
 */
public final class Headline {
  private static final int LONGEST = 160;
  private static final int LOOKED_AT = 2000;
  private static final Pattern RETWEET =
      Pattern.compile("^\\s*(?:RT|MT)\\s+@\\w+:?\\s*", Pattern.CASE_INSENSITIVE);
  private static final Pattern LINK = Pattern.compile("\\s*https?://\\S*");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private Headline() {}

  public static String of(String wording) {
    String beginning = wording.substring(0, Math.min(wording.length(), LOOKED_AT));
    String first = beginning.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    String bare = LINK.matcher(RETWEET.matcher(first).replaceFirst("")).replaceAll("").strip();
    String headline = SPACE.matcher(bare.isEmpty() ? first.strip() : bare).replaceAll(" ");
    if (headline.length() <= LONGEST) {
      return headline;
    }
    int space = headline.lastIndexOf(' ', LONGEST - 1);
    int end = space > LONGEST / 2 ? space : headline.offsetByCodePoints(0, LONGEST / 2);
    return headline.substring(0, end).strip() + "\u2026";
  }
}
