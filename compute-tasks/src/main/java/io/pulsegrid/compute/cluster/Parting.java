package io.pulsegrid.compute.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two groups that a story's exemplars fall into: each is nearer, on average, to the others of
 * its own group than to those of the other one. Found from the two that are farthest apart, by
 * nothing but their cosines and their order.
 */
final class Parting {
  private static final int ROUNDS = 12;

  private final List<Exemplar> first;
  private final List<Exemplar> second;

  /** The mean cosine between two exemplars of one group, in the looser of both. */
  final double within;

  /** The mean cosine between an exemplar of the one group and one of the other. */
  final double across;

  private Parting(List<Exemplar> first, List<Exemplar> second, double within, double across) {
    this.first = List.copyOf(first);
    this.second = List.copyOf(second);
    this.within = within;
    this.across = across;
  }

  /** The group that the earliest exemplar is in. */
  List<Exemplar> first() {
    return first;
  }

  List<Exemplar> second() {
    return second;
  }

  /**
   * Parts exemplars; those without a vector are in neither group.
   *
   * @return null unless both groups have {@code least} members
   */
  static @Nullable Parting of(List<Exemplar> exemplars, int least) {
    List<Exemplar> placed = exemplars.stream().filter(it -> it.direction != null).toList();
    if (placed.size() < 2 * least) {
      return null;
    }
    double[][] cosines = cosines(placed);
    boolean[] apart = grouped(cosines);
    boolean firstIs = apart[0];
    List<Exemplar> first = new ArrayList<>();
    List<Exemplar> second = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      (apart[i] == firstIs ? first : second).add(placed.get(i));
    }
    return Math.min(first.size(), second.size()) < least
        ? null
        : new Parting(
            first,
            second,
            Math.min(mean(cosines, apart, true, true), mean(cosines, apart, false, false)),
            mean(cosines, apart, true, false));
  }

  private static double[][] cosines(List<Exemplar> exemplars) {
    double[][] cosines = new double[exemplars.size()][exemplars.size()];
    for (int i = 0; i < cosines.length; i++) {
      for (int j = 0; j < i; j++) {
        cosines[i][j] = exemplars.get(i).cosine(exemplars.get(j));
        cosines[j][i] = cosines[i][j];
      }
    }
    return cosines;
  }

  private static boolean[] grouped(double[][] cosines) {
    int one = 0;
    int other = 1;
    for (int i = 0; i < cosines.length; i++) {
      for (int j = i + 1; j < cosines.length; j++) {
        if (cosines[i][j] < cosines[one][other]) {
          one = i;
          other = j;
        }
      }
    }
    boolean[] apart = new boolean[cosines.length];
    for (int i = 0; i < apart.length; i++) {
      apart[i] = i != one && (i == other || cosines[i][other] > cosines[i][one]);
    }
    for (int round = 0; round < ROUNDS; round++) {
      boolean[] next = new boolean[apart.length];
      for (int i = 0; i < apart.length; i++) {
        next[i] = mean(cosines, apart, i, true) > mean(cosines, apart, i, false);
      }
      if (Arrays.equals(next, apart)) {
        break;
      }
      apart = next;
    }
    return apart;
  }

  /** The mean cosine of one exemplar to the others of a group; -1 where there are none. */
  private static double mean(double[][] cosines, boolean[] apart, int one, boolean group) {
    double sum = 0;
    int others = 0;
    for (int j = 0; j < apart.length; j++) {
      if (j != one && apart[j] == group) {
        sum += cosines[one][j];
        others++;
      }
    }
    return others == 0 ? -1 : sum / others;
  }

  private static double mean(double[][] cosines, boolean[] apart, boolean one, boolean other) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < apart.length; i++) {
      for (int j = 0; j < apart.length; j++) {
        if (i != j && apart[i] == one && apart[j] == other) {
          sum += cosines[i][j];
          pairs++;
        }
      }
    }
    return pairs == 0 ? -1 : sum / pairs;
  }

  /** In how many of some exemplars each word stands. */
  static Map<Term, Integer> words(List<Exemplar> exemplars) {
    Map<Term, Integer> words = new LinkedHashMap<>();
    for (Exemplar exemplar : exemplars) {
      for (Term term : exemplar.terms) {
        words.merge(term, 1, Integer::sum);
      }
    }
    return words;
  }

  /** The sum of the directions of some exemplars that all have one. */
  static int[] sum(List<Exemplar> exemplars) {
    int[] sum = new int[0];
    for (Exemplar exemplar : exemplars) {
      byte[] direction = exemplar.direction;
      if (direction != null) {
        sum = sum.length == 0 ? new int[direction.length] : sum;
        Direction.add(sum, direction);
      }
    }
    return sum;
  }
}
