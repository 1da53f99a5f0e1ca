package io.pulsegrid.compute.text;

import io.pulsegrid.core.post.Content;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How posts that repeat another are found. Those that say the same words share a {@link
 * Fingerprint}. Edited ones, and those that lead to the same page, share one of the {@link #traces}
 * and are then compared.
 */
public final class Copies {
  private static final int ENOUGH_WORDS = 4;
  private static final int ENOUGH_FOR_A_LONG_TRACE = 8;

  /** A text that an edit made this much longer lays the short traces as well. */
  private static final int MOST_PUT_IN = 2;

  private static final double SAME_MATTER = .6;
  private static final int MATTER_WORDS = 64;

  private Copies() {}

  /**
   * What a post shares with its edited copies, in part at least: the first of its words that say
   * something, the last, and the page it leads to. An edit of one word leaves the one or the other.
   */
  public static List<String> traces(Content content) {
    List<String> traces = new ArrayList<>(5);
    List<String> words =
        Reading.of(content.wording()).words().stream()
            .filter(word -> !EditedWording.isSmall(word))
            .toList();
    if (words.size() >= ENOUGH_WORDS && words.size() < ENOUGH_FOR_A_LONG_TRACE + MOST_PUT_IN) {
      addEnds(words, 3, traces);
    }
    if (words.size() >= ENOUGH_FOR_A_LONG_TRACE) {
      addEnds(words, 4, traces);
    }
    page(content).ifPresent(page -> traces.add(Fingerprint.digest("u " + page)));
    return traces;
  }

  private static void addEnds(List<String> words, int length, List<String> traces) {
    traces.add(Fingerprint.digest("b " + String.join(" ", words.subList(0, length))));
    traces.add(
        Fingerprint.digest(
            "e " + String.join(" ", words.subList(words.size() - length, words.size()))));
  }

  /** Whether two posts are copies of one, though they do not say the same words. */
  public static boolean areCopies(Content one, Content other) {
    return EditedWording.isEdited(one.wording(), other.wording())
        || (leadToOnePage(one, other) && agree(one.wording(), other.wording()));
  }

  private static Optional<String> page(Content content) {
    String url = content.url();
    return url == null ? Optional.empty() : PageAddress.of(url);
  }

  private static boolean leadToOnePage(Content one, Content other) {
    Optional<String> page = page(one);
    return page.isPresent() && page.equals(page(other));
  }

  /** Under the same link: the one says nothing of its own, or both say much the same. */
  private static boolean agree(String one, String other) {
    Set<String> ones = new HashSet<>(Words.of(one, MATTER_WORDS));
    Set<String> others = new HashSet<>(Words.of(other, MATTER_WORDS));
    if (ones.isEmpty() || others.isEmpty()) {
      return true;
    }
    Set<String> both = new HashSet<>(ones);
    both.retainAll(others);
    int all = ones.size() + others.size() - both.size();
    return both.size() >= SAME_MATTER * all
        && (both.containsAll(numbers(ones)) || both.containsAll(numbers(others)));
  }

  private static Set<String> numbers(Set<String> words) {
    return words.stream()
        .filter(word -> word.codePoints().anyMatch(Character::isDigit))
        .collect(Collectors.toSet());
  }
}
