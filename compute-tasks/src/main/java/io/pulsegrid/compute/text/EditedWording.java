package io.pulsegrid.compute.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether two wordings are one, edited: a word or two within put in, left out or replaced, while
 * every number and name still stands and nothing turns the sense. Where capitals do not tell names
 * from words, each word may be a name, so that only endings and small words may differ.
 */
final class EditedWording {
  private static final int ENOUGH_WORDS = 7;
  private static final int WORDS_AN_EDIT = 6;
  private static final int WORDS_A_CHANGE = 3;
  private static final int MOST_WORDS = 400;
  private static final int SHORTEST_STEM = 4;
  private static final Set<String> ENDINGS =
      Set.of("", "s", "es", "d", "ed", "ing", "ly", "y", "ies", "e", "al", "n", "ns");

  private static final Set<String> SMALL_WORDS =
      Set.of(
          ("a an the and of to in on at for by with as is are was were be been has have had its it"
                  + " his her their our this that these those from into over about after amid says"
                  + " said say report reports reported update updated breaking news video watch"
                  + " just now new again today still also very")
              .split(" "));

  /** Words that turn what is said, or count without digits. */
  private static final Set<String> TURNING =
      Set.of(
          ("no not never none nothing nobody without neither nor cannot cant dont doesnt didnt isnt"
                  + " arent wasnt werent wont wouldnt shouldnt couldnt hardly barely un deny denies"
                  + " denied false true fake hoax rumor rumour refuse refuses refused reject rejects"
                  + " rejected accept accepts accepted confirm confirms confirmed rise rises rising"
                  + " rose fall falls falling fell up down gain gains lose loses lost loss losses"
                  + " win wins won winner loser drop drops dropped climb climbs climbed jump jumps"
                  + " jumped slip slips slipped surge surges surged plunge plunges plunged slump"
                  + " slumps slumped soar soars soared higher lower high low more less fewer most"
                  + " least increase increases increased decrease decreases decreased grow grows"
                  + " grew shrink shrinks shrank open opens opened close closes closed start starts"
                  + " started begin begins began stop stops stopped end ends ended before until"
                  + " enter enters leave leaves left arrive arrives arrived alive dead live die dies"
                  + " died killed injured hurt wounded missing found safe guilty innocent convicted"
                  + " acquitted released arrested charged pass passes passed fail fails failed"
                  + " approve approves approved ban bans banned allow allows allowed block blocks"
                  + " blocked buy buys bought sell sells sold hire hires hired fire fires fired"
                  + " join joins joined quit quits against with support supports supported oppose"
                  + " opposes opposed yes good bad better worse best worst right wrong first second"
                  + " third last next former north south east west northern southern eastern western"
                  + " man woman men women boy girl son daughter father mother brother sister husband"
                  + " wife one two three four five six seven eight nine ten eleven twelve dozen"
                  + " dozens twenty thirty forty fifty hundred hundreds thousand thousands million"
                  + " millions billion billions half double triple monday tuesday wednesday thursday"
                  + " friday saturday sunday yesterday tomorrow early late may might could should")
              .split(" "));

  private EditedWording() {}

  /** Whether the one is the other, edited; not told of wordings that are equal or short. */
  static boolean isEdited(String one, String other) {
    List<String> ones = Reading.of(one).words();
    List<String> others = Reading.of(other).words();
    int fewer = Math.min(ones.size(), others.size());
    if (fewer < ENOUGH_WORDS || Math.max(ones.size(), others.size()) > MOST_WORDS) {
      return false;
    }
    int start = 0;
    while (start < fewer && ones.get(start).equals(others.get(start))) {
      start++;
    }
    int end = 0;
    while (end < fewer - start
        && ones.get(ones.size() - 1 - end).equals(others.get(others.size() - 1 - end))) {
      end++;
    }
    List<String> mine = ones.subList(start, ones.size() - end);
    List<String> theirs = others.subList(start, others.size() - end);
    // What differs stands between the first edit and the last.
    Difference difference = Difference.of(mine, theirs);
    List<String> gone = difference.gone();
    List<String> come = difference.come();
    if (gone.isEmpty() && come.isEmpty()) {
      return true;
    }
    // What was put before or after a text, or cut off, is no edit of what it says.
    if (end == 0 || (start == 0 && !areSmall(gone, come))) {
      return false;
    }
    int changed = Math.max(gone.size(), come.size());
    return WORDS_A_CHANGE * changed <= fewer
        && Math.max(edits(gone, come), edits(come, gone)) <= mostEdits(fewer)
        && harmless(gone, come, new Capitals(one))
        && harmless(come, gone, new Capitals(other));
  }

  private static boolean areSmall(List<String> gone, List<String> come) {
    return gone.stream().allMatch(EditedWording::isSmall)
        && come.stream().allMatch(EditedWording::isSmall);
  }

  private static int mostEdits(int words) {
    return words < 2 * WORDS_AN_EDIT ? 1 : Math.max(2, words / (2 * WORDS_AN_EDIT));
  }

  /** How many of the words that changed say something; an ending alone is no edit. */
  private static long edits(List<String> changed, List<String> instead) {
    return changed.stream()
        .filter(word -> !isSmall(word))
        .filter(word -> instead.stream().noneMatch(other -> differInEnding(word, other)))
        .count();
  }

  /** Whether a word may come and go: it neither names nor counts, and turns nothing. */
  static boolean isSmall(String word) {
    return SMALL_WORDS.contains(word);
  }

  private static boolean harmless(List<String> changed, List<String> instead, Capitals capitals) {
    for (String word : changed) {
      boolean ending = instead.stream().anyMatch(other -> differInEnding(word, other));
      boolean ordinary = isSmall(word) || (capitals.ordinary(word) && word.length() > 1);
      if (counts(word)
          || capitals.marked(word)
          || (!ending && (TURNING.contains(word) || !ordinary))) {
        return false;
      }
    }
    return true;
  }

  private static boolean counts(String word) {
    return word.codePoints().anyMatch(Character::isDigit);
  }

  private static boolean differInEnding(String one, String other) {
    int shared = 0;
    int fewer = Math.min(one.length(), other.length());
    while (shared < fewer && one.charAt(shared) == other.charAt(shared)) {
      shared++;
    }
    return !one.equals(other)
        && shared >= SHORTEST_STEM
        && ENDINGS.contains(one.substring(shared))
        && ENDINGS.contains(other.substring(shared));
  }

  /** The words that only the one has, and only the other, by the longest common subsequence. */
  private record Difference(List<String> gone, List<String> come) {
    static Difference of(List<String> one, List<String> other) {
      int[][] longest = new int[one.size() + 1][other.size() + 1];
      for (int i = one.size() - 1; i >= 0; i--) {
        for (int j = other.size() - 1; j >= 0; j--) {
          longest[i][j] =
              one.get(i).equals(other.get(j))
                  ? longest[i + 1][j + 1] + 1
                  : Math.max(longest[i + 1][j], longest[i][j + 1]);
        }
      }
      List<String> gone = new ArrayList<>();
      List<String> come = new ArrayList<>();
      int i = 0;
      int j = 0;
      while (i < one.size() || j < other.size()) {
        if (i < one.size() && j < other.size() && one.get(i).equals(other.get(j))) {
          i++;
          j++;
        } else if (j == other.size()
            || (i < one.size() && longest[i + 1][j] >= longest[i][j + 1])) {
          gone.add(one.get(i++));
        } else {
          come.add(other.get(j++));
        }
      }
      return new Difference(gone, come);
    }
  }
}
