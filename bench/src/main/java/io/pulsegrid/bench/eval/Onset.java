package io.pulsegrid.bench.eval;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When an event began: the first minute of the first five in a row with ten posts on it each. */
final class Onset {
  private static final int MINUTES = 5;
  private static final int POSTS = 10;

  private Onset() {}

  static Optional<Instant> of(List<LabelledPost> posts) {
    Map<Instant, Integer> minutes = new HashMap<>();
    for (LabelledPost post : posts) {
      if (post.label().equals(DataSet.ON_TOPIC)) {
        minutes.merge(post.at().truncatedTo(ChronoUnit.MINUTES), 1, Integer::sum);
      }
    }
    return minutes.keySet().stream().sorted().filter(first -> isBusy(minutes, first)).findFirst();
  }

  private static boolean isBusy(Map<Instant, Integer> minutes, Instant first) {
    for (int i = 0; i < MINUTES; i++) {
      if (minutes.getOrDefault(first.plus(i, ChronoUnit.MINUTES), 0) < POSTS) {
        return false;
      }
    }
    return true;
  }
}
