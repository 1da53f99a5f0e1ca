package io.pulsegrid.node.listen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a search has found so far, in the order that its pages follow. What is found later goes to
 * its end, so that no page changes the ones before. Never changed; it crosses nodes, where a page
 * is asked of another node than the one before.
 */
final class SearchOrder {
  private static final int ID_LENGTH = 26;

  private final String question;
  private final byte[] ids;
  private final double[] scores;
  private final long total;
  private final boolean more;
  private final List<FacetTally> facets;

  /**
   * An order.
   *
   * @param question what was asked, but for the page
   * @param total how many match
   * @param more whether a deeper search may find further posts
   */
  SearchOrder(
      String question,
      List<Fusion.Ranked> ranked,
      long total,
      boolean more,
      List<FacetTally> facets) {
    this.question = question;
    this.total = total;
    this.more = more;
    this.facets = new ArrayList<>(facets);
    StringBuilder all = new StringBuilder(ranked.size() * ID_LENGTH);
    ranked.forEach(one -> all.append(one.id()));
    ids = all.toString().getBytes(StandardCharsets.US_ASCII);
    scores = ranked.stream().mapToDouble(Fusion.Ranked::score).toArray();
  }

  /** The same with those of a deeper search that are not in it at its end. */
  SearchOrder deepened(List<Fusion.Ranked> ranked, long totalNow, boolean moreNow) {
    List<Fusion.Ranked> all = new ArrayList<>(window(0, size()));
    Set<String> known = new HashSet<>();
    all.forEach(one -> known.add(one.id()));
    ranked.stream().filter(one -> !known.contains(one.id())).forEach(all::add);
    return new SearchOrder(question, all, Math.max(total, totalNow), moreNow, facets);
  }

  String question() {
    return question;
  }

  int size() {
    return scores.length;
  }

  long total() {
    return total;
  }

  boolean more() {
    return more;
  }

  List<FacetTally> facets() {
    return facets;
  }

  /** Those from one place to before another, or to the end. */
  List<Fusion.Ranked> window(int from, int to) {
    List<Fusion.Ranked> window = new ArrayList<>();
    for (int i = from; i < Math.min(to, size()); i++) {
      int start = i * ID_LENGTH;
      byte[] id = Arrays.copyOfRange(ids, start, start + ID_LENGTH);
      window.add(new Fusion.Ranked(new String(id, StandardCharsets.US_ASCII), scores[i]));
    }
    return window;
  }

  /** About how many bytes it takes. */
  int weight() {
    int counted = facets.stream().mapToInt(FacetTally::weight).sum();
    return 200 + 2 * question.length() + ids.length + 8 * scores.length + counted;
  }
}
