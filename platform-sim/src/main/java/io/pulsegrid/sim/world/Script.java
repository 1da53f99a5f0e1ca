package io.pulsegrid.sim.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that the world can say.
 *
 * @param chatter everyday lines by their letter in chatter.txt
 */
record Script(Vocabulary vocabulary, List<Plot> plots, Map<Character, List<String>> chatter) {
  static Script load() {
    return new Script(
        new Vocabulary(lines("words.txt")),
        Plot.read(lines("plots.txt")),
        lines("chatter.txt").stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.charAt(0),
                    Collectors.mapping(line -> line.substring(2), Collectors.toList()))));
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
