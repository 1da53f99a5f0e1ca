package io.pulsegrid.sim.world;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The words of the world, by kind; names of companies and figures are made as they are needed. */
final class Vocabulary {
  private final Map<String, List<String>> words;

  Vocabulary(List<String> lines) {
    words =
        lines.stream()
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> List.of(pair[1].split(", "))));
  }

  /** A word of a kind. */
  String word(String kind, RandomGenerator random) {
    return switch (kind) {
      case "company" -> pick("head", random) + pick("tail", random);
      case "person" -> pick("given", random) + " " + pick("family", random);
      case "number" -> String.valueOf(random.nextInt(3, 90));
      case "percent" -> String.valueOf(random.nextInt(4, 60));
      case "money" -> String.valueOf(random.nextInt(2, 95));
      case "hours" -> String.valueOf(random.nextInt(2, 12));
      case "years" -> String.valueOf(random.nextInt(2, 25));
      case "kmh" -> String.valueOf(random.nextInt(90, 165));
      case "magnitude" -> "%d.%d".formatted(random.nextInt(5, 8), random.nextInt(10));
      case "version" -> "%d.%d".formatted(random.nextInt(1, 19), random.nextInt(10));
      case "count" ->
          random.nextBoolean()
              ? random.nextInt(2, 80) + " million"
              : random.nextInt(12, 900) + ",000";
      default -> pick(kind, random);
    };
  }

  /** A person's name on a network, such as {@code wei_lindqvist7}. */
  String handle(RandomGenerator random) {
    String name = word("given", random) + "_" + word("family", random);
    int number = random.nextInt(40);
    return name.toLowerCase(Locale.ROOT) + (number < 20 ? "" : number);
  }

  private String pick(String kind, RandomGenerator random) {
    List<String> all = words.get(kind);
    if (all == null) {
      throw new IllegalArgumentException("no words of kind " + kind);
    }
    return all.get(random.nextInt(all.size()));
  }
}
