package io.pulsegrid.compute.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The words of a wording that carry its matter: folded, without function words and plural endings.
 * Names and numbers stay as they are.
 */
public final class Words {
  private static final int LONGEST = 40;
  private static final int CHARACTERS_A_WORD = 60;
  private static final Set<String> FUNCTION_WORDS =
      Set.of(
          ("a an the and or but nor so yet if then than as of to in on at for from by with without"
                  + " into onto about over under up down out off after before between during again"
                  + " is are was were be been being am do does did done doing have has had having"
                  + " will would shall should can could may might must it its he him his she her"
                  + " hers they them their theirs we our ours you your yours i me my mine this that"
                  + " these those there here what which who whom whose when where why how not no"
                  + " too very just also only own same such more most much many some any all each"
                  + " both few other get got via amp rt im ive dont doesnt didnt isnt arent wasnt"
                  + " wont cant couldnt wouldnt shouldnt youre thats theres whats hes shes theyre"
                  + " say says said")
              .split(" "));

  private Words() {}

  /**
   * The distinct words of a wording, in the order of their first appearance.
   *
   * @param limit how many at the most; the rest of the wording is not looked at
   */
  public static List<String> of(String wording, int limit) {
    Set<String> words = new LinkedHashSet<>();
    String beginning = wording.substring(0, Math.min(wording.length(), CHARACTERS_A_WORD * limit));
    for (String word : Reading.of(beginning).words()) {
      if (words.size() >= limit) {
        break;
      }
      if (word.codePoints().anyMatch(Words::isUnspaced)) {
        addPairs(words, word);
      } else if (matters(word)) {
        words.add(singular(word.length() > LONGEST ? word.substring(0, LONGEST) : word));
      }
    }
    return words.stream().limit(limit).toList();
  }

  /** All words of a wording, folded, function words too. */
  public static List<String> plain(String wording) {
    return Reading.of(wording).words();
  }

  private static boolean matters(String word) {
    return (word.length() > 1 || Character.isDigit(word.charAt(0)))
        && !FUNCTION_WORDS.contains(word);
  }

  /** Scripts without spaces are read in pairs of characters, as search engines do. */
  private static void addPairs(Set<String> words, String run) {
    int[] points = run.codePoints().toArray();
    for (int i = 0; i + 1 < points.length; i++) {
      words.add(new String(points, i, 2));
    }
    if (points.length == 1) {
      words.add(run);
    }
  }

  static boolean isUnspaced(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  private static String singular(String word) {
    int length = word.length();
    if (length > 4 && word.endsWith("ies")) {
      return word.substring(0, length - 3) + "y";
    }
    boolean plural =
        length > 3
            && word.endsWith("s")
            && !word.endsWith("ss")
            && !word.endsWith("us")
            && !word.endsWith("is");
    return plural ? word.substring(0, length - 1) : word;
  }
}
