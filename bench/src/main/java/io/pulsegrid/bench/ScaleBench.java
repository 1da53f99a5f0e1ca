package io.pulsegrid.bench;

import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each further node costs: real processes on this machine, with a PostgreSQL of their own,
 * take posts in and publish. The nodes share this machine's processors, so the rates say what the
 * work costs, not what as many machines would do.
 */
final class ScaleBench implements Bench {
  private final int mostNodes;
  private final int posts;
  private final int postsAChannel;

  ScaleBench() {
    this(3, 6_000, 50);
  }

  ScaleBench(int mostNodes, int posts, int postsAChannel) {
    this.mostNodes = mostNodes;
    this.posts = posts;
    this.postsAChannel = postsAChannel;
  }

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String question() {
    return "what each added node costs: messages and bytes a post and a delivery, memory;"
        + " how soon posts are found";
  }

  @Override
  public Outcome run(PrintStream progress) throws Exception {
    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    for (int nodes = 1; nodes <= mostNodes; nodes++) {
      String system = nodes == 1 ? "1 node" : nodes + " nodes";
      measure(nodes, progress)
          .forEach(
              (label, figure) ->
                  figures.computeIfAbsent(label, _ -> new LinkedHashMap<>()).put(system, figure));
    }
    List<Row> rows = new ArrayList<>();
    figures.forEach((label, values) -> rows.add(new Row(label, 2, values)));
    return new Outcome(name(), rows, List.of());
  }

  private Map<String, Double> measure(int nodes, PrintStream progress) throws Exception {
    Path folder = Scratch.create();
    try (Sim sim = Sim.start(SimOptions.local(0));
        GridUnderTest grid = GridUnderTest.start(nodes, folder)) {
      progress.println(nodes == 1 ? "1 node" : nodes + " nodes");
      return new ScaleRun(grid, progress).measure(posts, postsAChannel, sim.port());
    } finally {
      Scratch.delete(folder);
    }
  }
}
