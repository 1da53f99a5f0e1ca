package io.pulsegrid.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs benches from the command line: {@code [NAME] [--json FILE]}, all but the long ones without a
 * name. Ends with 0 when every target is reached, 1 when a bench fails to run, 2 when called
 * wrongly, 3 when a target is missed.
 */
public final class BenchMain {
  private static final List<Bench> BENCHES =
      List.of(
          new EmbeddingBench(),
          new SearchBench(),
          SearchBench.million(),
          new StoreBench(),
          new StartBench(),
          new ScaleBench(),
          new PublishBench(),
          new LimitsBench(),
          new ApiBench());

  private BenchMain() {}

  public static void main(String[] args) {
    System.exit(run(args, BENCHES, System.out, System.err));
  }

  static int run(String[] args, List<Bench> benches, PrintStream out, PrintStream err) {
    Request request;
    List<Bench> chosen;
    try {
      request = Request.of(args);
      chosen = chosen(request.name(), benches);
    } catch (IllegalArgumentException e) {
      err.println("bench: " + e.getMessage());
      err.println("usage: bench [NAME] [--json FILE], where NAME is one of");
      benches.forEach(bench -> err.println("  %-12s %s".formatted(bench.name(), bench.question())));
      return 2;
    }
    try {
      List<Outcome> outcomes = new ArrayList<>();
      for (Bench bench : chosen) {
        out.println(bench.name() + ": " + bench.question());
        Outcome outcome = bench.run(out);
        out.println(outcome.table());
        outcomes.add(outcome);
      }
      write(request.json(), outcomes);
      return outcomes.stream().allMatch(Outcome::reached) ? 0 : 3;
    } catch (Exception e) {
      e.printStackTrace(err);
      return 1;
    }
  }

  private static List<Bench> chosen(@Nullable String name, List<Bench> benches) {
    if (name == null) {
      return benches.stream().filter(bench -> !bench.isLong()).toList();
    }
    List<Bench> named = benches.stream().filter(bench -> bench.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException("there is no bench " + name);
    }
    return named;
  }

  private static void write(@Nullable Path file, List<Outcome> outcomes) throws IOException {
    if (file != null) {
      String all = outcomes.stream().map(Outcome::json).collect(Collectors.joining(",\n"));
      Files.writeString(file, "[" + all + "]\n");
    }
  }

  /** The command line, read. */
  private record Request(@Nullable String name, @Nullable Path json) {
    static Request of(String[] args) {
      String name = null;
      Path json = null;
      for (int i = 0; i < args.length; i++) {
        if (args[i].equals("--json")) {
          if (i + 1 == args.length) {
            throw new IllegalArgumentException("--json needs a file");
          }
          json = Path.of(args[++i]);
        } else if (args[i].startsWith("-") || name != null) {
          throw new IllegalArgumentException("unknown argument " + args[i]);
        } else {
          name = args[i];
        }
      }
      return new Request(name, json);
    }
  }
}
