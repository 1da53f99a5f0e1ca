package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code import}: streams a file of posts to a node. Importing it again is harmless. */
@Command(name = "import", description = "Import posts from an NDJSON or CSV file.")
final class ImportCommand implements Callable<Integer> {
  private static final int SOME_REJECTED = 3;
  private static final int SHOWN_ERRORS = 10;

  /** How long an import waits in all for a node that has too much to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Between two looks for a node that was there before. */
  private static final Duration STARTING = Duration.ofSeconds(5);

  @Parameters(paramLabel = "FILE", description = "a file, or - for the standard input")
  private String file = "-";

  @Mixin private final RestOptions rest = new RestOptions();

  @Option(
      names = "--platform",
      paramLabel = "P",
      description = "the platform of lines that name none")
  private @Nullable String platform;

  @Option(
      names = "--map",
      paramLabel = "a=b,...",
      description = "columns: the file's name = ours, such as id=nativeId,points=likes")
  private @Nullable String map;

  @Option(
      names = "--date-format",
      paramLabel = "F",
      description = "of dates that are neither ISO-8601 nor epoch numbers")
  private @Nullable String dateFormat;

  @Option(names = "--zone", paramLabel = "Z", description = "of dates that carry none (UTC)")
  private @Nullable String zone;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var terminal = Terminal.system();
    var client = rest.client();
    JsonNode answer;
    try {
      answer = answer(terminal, client);
    } catch (PulsegridException refused) {
      throw PulsegridException.of(refused.code(), inOptions(String.valueOf(refused.getMessage())));
    }
    tellErrors(answer, terminal);
    terminal.say(answer.toString());
    return answer.path("rejected").asLong(0) > 0 ? SOME_REJECTED : 0;
  }

  private static void tellErrors(JsonNode answer, Terminal terminal) {
    JsonNode errors = answer.path("errors");
    for (int i = 0; i < Math.min(SHOWN_ERRORS, errors.size()); i++) {
      JsonNode error = errors.get(i);
      terminal.complain(
          "line %s: %s: %s"
              .formatted(
                  error.path("line").asString(),
                  error.path("field").asString(""),
                  inOptions(error.path("message").asString(""))));
    }
    if (errors.size() > SHOWN_ERRORS) {
      terminal.complain("%,d more in the answer below".formatted(errors.size() - SHOWN_ERRORS));
    }
  }

  /** What the API says of its parameters, said of the options that stand for them here. */
  private static String inOptions(String words) {
    return words
        .replace("give platform=", "give --platform")
        .replace("give dateFormat=", "give --date-format")
        .replace("dateFormat:", "--date-format:");
  }

  /**
   * Sends the file, again from its beginning as long as the node asks to come back later, or while
   * one that broke off is being started again: what came in already changes nothing.
   */
  private JsonNode answer(Terminal terminal, RestClient client)
      throws InterruptedException, IOException {
    Duration waited = Duration.ZERO;
    while (true) {
      try {
        return sent(terminal, client);
      } catch (PulsegridException refusal) {
        Duration wait = refusal.retryAfter().orElse(waited.isZero() ? Duration.ZERO : STARTING);
        waited = waited.plus(wait);
        boolean temporary = refusal.code() == FailureCode.UNAVAILABLE && wait.isPositive();
        if (!temporary || file.equals("-") || waited.compareTo(PATIENCE) > 0) {
          throw refusal;
        }
        terminal.complain(
            "%s; sending the file again in %d s, what came in already counts as unchanged then"
                .formatted(refusal.getMessage(), wait.toSeconds()));
        TimeUnit.MILLISECONDS.sleep(wait.toMillis());
      }
    }
  }

  private JsonNode sent(Terminal terminal, RestClient client)
      throws InterruptedException, IOException {
    try (var input = ImportFile.open(file)) {
      var progress =
          Progress.of(
              input.sizeBytes(), InstantSource.system(), terminal.err(), Terminal.isWatched());
      var request =
          client
              .request("/posts/import" + query())
              .header("Content-Type", input.contentType())
              // A refusal comes before the body is sent, not as a broken connection.
              .expectContinue(true)
              .POST(BodyPublishers.ofInputStream(() -> input.counted(progress)));
      JsonNode answer = client.send(request);
      progress.done();
      return answer;
    }
  }

  private String query() {
    var pairs = new ArrayList<String>();
    add(pairs, "platform", platform);
    add(pairs, "map", map);
    add(pairs, "dateFormat", dateFormat);
    add(pairs, "zone", zone);
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private static void add(List<String> pairs, String name, @Nullable String value) {
    if (value != null) {
      pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
