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
 * Runs benches from the command line: {@code [NAME] [--size N] [--json FILE]}, all but the long
 * ones without a name. Ends with 0 when every target is reached, 1 when a bench fails to run, 2
 * when called wrongly, 3 when a target is missed.
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
          new JoinBench(),
          new SameTrendsBench(),
          new ListenBench(),
          new PublishBench(),
          new LimitsBench(),
          new ApiBench(),
          new RestBench(),
          new EventsBench());

  private BenchMain() {}

  public static void main(String[] args) {
    System.exit(run(args, BENCHES, System.out, System.err));
  }

  static int run(String[] args, List<Bench> benches, PrintStream out, PrintStream err) {
    Request request;
    List<Bench> chosen;
    try {
      request = Request.of(args);
      chosen = chosen(request, benches);
    } catch (IllegalArgumentException e) {
      err.println("bench: " + e.getMessage());
      err.println("usage: bench [NAME] [--size N] [--json FILE], where NAME is one of");
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

  private static List<Bench> chosen(Request request, List<Bench> benches) {
    String name = request.name();
    Integer size = request.size();
    if (name == null) {
      if (size != null) {
        throw new IllegalArgumentException("--size needs the name of a bench");
      }
      return benches.stream().filter(bench -> !bench.isLong()).toList();
    }
    List<Bench> named = benches.stream().filter(bench -> bench.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException("there is no bench " + name);
    }
    return size == null ? named : named.stream().map(bench -> bench.ofSize(size)).toList();
  }

  private static void write(@Nullable Path file, List<Outcome> outcomes) throws IOException {
    if (file != null) {
      String all = outcomes.stream().map(Outcome::json).collect(Collectors.joining(",\n"));
      Files.writeString(file, "[" + all + "]\n");
    }
  }

  /** The command line, read. */
  private record Request(@Nullable String name, @Nullable Integer size, @Nullable Path json) {
    static Request of(String[] args) {
      String name = null;
      Integer size = null;
      Path json = null;
      for (int i = 0; i < args.length; i++) {
        if (args[i].equals("--json")) {
          if (i + 1 == args.length) {
            throw new IllegalArgumentException("--json needs a file");
          }
          json = Path.of(args[++i]);
        } else if (args[i].equals("--size")) {
          size = size(i + 1 == args.length ? "" : args[++i]);
        } else if (args[i].startsWith("-") || name != null) {
          throw new IllegalArgumentException("unknown argument " + args[i]);
        } else {
          name = args[i];
        }
      }
      return new Request(name, size, json);
    }

    private static int size(String written) {
      try {
        int size = Integer.parseInt(written.replace("_", ""));
        if (size > 0) {
          return size;
        }
      } catch (NumberFormatException e) {
        // told below, with the rule
      }
      throw new IllegalArgumentException("--size must be a whole number from 1, was " + written);
    }
  }
}
