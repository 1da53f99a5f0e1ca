package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints the quality figures: {@code [NAME] [--data DIR] [--json FILE]}, all of them without a
 * name. What finds no data is skipped by name. Ends with 0 when no target is missed, 1 when an
 * evaluation fails to run, 2 when called wrongly, 3 when a target is missed or a baseline is
 * better.
 */
public final class EvalMain {
  private static final List<Evaluation> EVALUATIONS =
      List.of(
          new StoryEvaluation(),
          new DuplicateEvaluation(),
          new LinkEvaluation(),
          new BurstEvaluation(),
          new ForecastEvaluation());

  private EvalMain() {}

  public static void main(String[] args) {
    System.exit(run(args, EVALUATIONS, System.out, System.err));
  }

  static int run(String[] args, List<Evaluation> evaluations, PrintStream out, PrintStream err) {
    Request request;
    List<Evaluation> chosen;
    try {
      request = Request.of(args);
      chosen = chosen(request.name(), evaluations);
    } catch (IllegalArgumentException e) {
      err.println("eval: " + e.getMessage());
      err.println("usage: eval [NAME] [--data DIR] [--json FILE], where NAME is one of");
      evaluations.forEach(each -> err.printf("  %-12s %s%n", each.name(), each.question()));
      return 2;
    }
    try (VectorCache vectors = new VectorCache(home().resolve("target/eval"))) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Evaluation evaluation : chosen) {
        outcomes.addAll(run(evaluation, request.data(), vectors, out));
      }
      write(request.json(), outcomes);
      List<Outcome> behind = outcomes.stream().filter(outcome -> !outcome.reached()).toList();
      out.printf(
          Locale.ROOT,
          "%d evaluated on development data, %d behind%s%n",
          outcomes.size(),
          behind.size(),
          behind.stream().map(Outcome::bench).collect(Collectors.joining(", ", ": ", "")));
      return behind.isEmpty() ? 0 : 3;
    } catch (IOException | RuntimeException e) {
      e.printStackTrace(err);
      return 1;
    }
  }

  private static List<Outcome> run(
      Evaluation evaluation, Path data, VectorCache vectors, PrintStream out) throws IOException {
    Path directory = data.resolve(evaluation.directory());
    List<Outcome> outcomes =
        Files.isDirectory(directory) ? evaluation.run(directory, vectors, out) : List.of();
    if (outcomes.isEmpty()) {
      out.printf("skipped %s: no data in %s%n%n", evaluation.name(), directory);
    }
    for (Outcome outcome : outcomes) {
      out.printf("%s: %s%n%s%n%n", outcome.bench(), evaluation.question(), outcome.table());
    }
    return outcomes;
  }

  private static List<Evaluation> chosen(@Nullable String name, List<Evaluation> evaluations) {
    if (name == null) {
      return evaluations;
    }
    List<Evaluation> named =
        evaluations.stream().filter(evaluation -> evaluation.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException("there is no evaluation " + name);
    }
    return named;
  }

  private static void write(@Nullable Path file, List<Outcome> outcomes) throws IOException {
    if (file != null) {
      String all = outcomes.stream().map(Outcome::json).collect(Collectors.joining(",\n"));
      Files.writeString(file, "[" + all + "]\n");
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("pulsegrid.home", "."));
  }

  /** The command line, read. */
  private record Request(@Nullable String name, Path data, @Nullable Path json) {
    static Request of(String[] args) {
      String name = null;
      Path data = home().resolve("../shared/data").normalize();
      Path json = null;
      for (int i = 0; i < args.length; i++) {
        if (args[i].equals("--json") || args[i].equals("--data")) {
          if (i + 1 == args.length) {
            throw new IllegalArgumentException(
                args[i] + " needs a " + (args[i].equals("--json") ? "file" : "directory"));
          }
          Path path = Path.of(args[i + 1]);
          if (args[i].equals("--json")) {
            json = path;
          } else if (Files.isDirectory(path)) {
            data = path;
          } else {
            throw new IllegalArgumentException("--data must be a directory, was " + path);
          }
          i++;
        } else if (args[i].startsWith("-") || name != null) {
          throw new IllegalArgumentException("unknown argument " + args[i]);
        } else {
          name = args[i];
        }
      }
      return new Request(name, data, json);
    }
  }
}
