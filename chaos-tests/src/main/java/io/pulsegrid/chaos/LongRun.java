package io.pulsegrid.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the long runs have in common on the command line. */
abstract class LongRun {
  @Option(names = "--json", paramLabel = "FILE", description = "where the report is written")
  private @Nullable Path json;

  @Option(names = "--seed", paramLabel = "N", description = "repeats the run of that seed")
  private @Nullable Long seed;

  @Option(names = "--nodes", paramLabel = "N", description = "how many nodes (3)")
  private int nodes = 3;

  @Option(names = "--keep", description = "data and logs are kept also where everything held")
  private boolean keep;

  int nodes() {
    return nodes;
  }

  long seed() {
    Long given = seed;
    if (given == null) {
      given = new SplittableRandom().nextLong(1_000_000_000);
      seed = given;
    }
    return given;
  }

  static Path work(String name) throws IOException {
    return Files.createTempDirectory("pulsegrid-" + name);
  }

  /** Prints and writes what became of it; answers the exit code. */
  int report(Object report, List<String> lines, boolean holds, Path work) throws IOException {
    lines.forEach(System.out::println);
    System.out.printf("%s, seed %d%n", holds ? "everything held" : "NOT everything held", seed());
    if (json != null) {
      JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      Files.write(json, mapper.writeValueAsBytes(report));
    }
    if (holds && !keep) {
      deleteTree(work);
    } else {
      say("data and logs are kept below " + work);
    }
    return holds ? 0 : 1;
  }

  static void say(String line) {
    System.out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
  }

  static void deleteTree(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
