package io.pulsegrid.sim.world;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The names and figures of one story: each is drawn once and then stays. */
final class Cast {
  private static final Pattern ROLE = Pattern.compile("\\{(([a-z]+)\\d?)}");

  private final Vocabulary vocabulary;
  private final RandomGenerator random;
  private final Map<String, String> roles = new HashMap<>();

  Cast(Vocabulary vocabulary, RandomGenerator random) {
    this.vocabulary = vocabulary;
    this.random = random;
  }

  /** A line with its roles filled, such as {@code {company} to buy {company2}}. */
  String fill(String line) {
    return ROLE.matcher(line)
        .replaceAll(
            role ->
                roles.computeIfAbsent(role.group(1), _ -> vocabulary.word(role.group(2), random)));
  }
}
