package io.pulsegrid.sim.world;

import java.util.ArrayList;
import java.util.List;

/** What can happen in the world, in the lines that tell of it. */
record Plot(
    String section,
    List<String> tags,
    List<String> headlines,
    List<String> remarks,
    List<String> facts) {

  /** Reads plots: {@code = name | section | tags}, then lines that begin with H, P and F. */
  static List<Plot> read(List<String> lines) {
    List<Plot> plots = new ArrayList<>();
    for (String line : lines) {
      String rest = line.substring(2);
      switch (line.charAt(0)) {
        case '=' -> plots.add(open(rest.split(" \\| ", -1)));
        case 'H' -> plots.getLast().headlines.add(rest);
        case 'P' -> plots.getLast().remarks.add(rest);
        case 'F' -> plots.getLast().facts.add(rest);
        default -> throw new IllegalArgumentException("not a line of a plot: " + line);
      }
    }
    return plots;
  }

  private static Plot open(String[] head) {
    return new Plot(
        head[1],
        List.of(head[2].split(", ")),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }
}
