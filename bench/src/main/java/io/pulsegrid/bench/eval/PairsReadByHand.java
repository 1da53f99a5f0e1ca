package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** Pairs of posts that a person read and judged: copies, or others in nearly the same words. */
final class PairsReadByHand {
  private static final String COPY = "copy";
  private static final Path FILE =
      Path.of(
          System.getProperty("pulsegrid.home", "."),
          "compute-tasks/src/test/resources/io/pulsegrid/compute/text/pairs-read-by-hand.tsv");

  private PairsReadByHand() {}

  /** How the judgements are met; none where the list is not at hand. */
  static List<Outcome> evaluate(double wantedPrecision) throws IOException {
    if (!Files.exists(FILE)) {
      return List.of();
    }
    List<List<String>> pairs =
        Files.readAllLines(FILE).stream().map(line -> List.of(line.split("\t", -1))).toList();
    Pairs ours = found(pairs, CopyGroups::areCopies);
    Pairs exact = found(pairs, String::equals);
    return List.of(
        new Outcome(
            "duplicates, %d pairs read by hand".formatted(pairs.size()),
            List.of(
                new Row("precision", 3, figures(ours.precision(), exact.precision())),
                new Row("recall", 3, figures(ours.recall(), exact.recall())),
                new Row(
                    "pairs found (copies: %d)".formatted(ours.wanted()),
                    0,
                    figures((double) ours.together(), (double) exact.together()))),
            List.of(Target.atLeast("precision", ours.precision(), wantedPrecision))));
  }

  private static Pairs found(List<List<String>> pairs, BiPredicate<String, String> alike) {
    long together = 0;
    long wanted = 0;
    long both = 0;
    for (List<String> pair : pairs) {
      boolean copy = pair.get(0).equals(COPY);
      boolean found = alike.test(pair.get(1), pair.get(2));
      together += found ? 1 : 0;
      wanted += copy ? 1 : 0;
      both += copy && found ? 1 : 0;
    }
    return new Pairs(together, wanted, both);
  }

  private static Map<String, Double> figures(double ours, double exact) {
    return Map.of("pulsegrid", ours, "exact hash", exact);
  }
}
