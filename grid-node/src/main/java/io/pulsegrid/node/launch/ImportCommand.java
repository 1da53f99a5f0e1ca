package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code import}: streams a file of posts to a node. Importing it again is harmless. */
@Command(name = "import", description = "Import posts from an NDJSON or CSV file.")
final class ImportCommand implements Callable<Integer> {
  private static final int SOME_REJECTED = 3;
  private static final int SHOWN_ERRORS = 10;

  @Parameters(paramLabel = "FILE", description = "a file, or - for the standard input")
  private String file = "-";

  @Mixin private final RestOptions rest = new RestOptions();

  @Mixin private final FileOptions options = new FileOptions();

  @Override
  public Integer call() throws InterruptedException, IOException {
    var terminal = Terminal.system();
    var client = rest.client();
    JsonNode answer;
    try {
      answer = answer(terminal, client);
    } catch (PulsegridException refused) {
      throw PulsegridException.of(
          refused.code(), FileOptions.inOptions(String.valueOf(refused.getMessage())));
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
                  FileOptions.inOptions(error.path("message").asString(""))));
    }
    if (errors.size() > SHOWN_ERRORS) {
      terminal.complain("%,d more in the answer below".formatted(errors.size() - SHOWN_ERRORS));
    }
  }

  /** Sends the file, again from its beginning where that helps; the standard input only once. */
  private JsonNode answer(Terminal terminal, RestClient client)
      throws InterruptedException, IOException {
    if (file.equals("-")) {
      return sent(terminal, client);
    }
    return Resending.untilTaken(
        () -> sent(terminal, client),
        (why, wait) ->
            terminal.complain(
                "%s; sending the file again in %d s, what came in already counts as unchanged then"
                    .formatted(why, wait.toSeconds())));
  }

  private JsonNode sent(Terminal terminal, RestClient client)
      throws InterruptedException, IOException {
    try (var input = ImportFile.open(file)) {
      var progress =
          Progress.of(
              input.sizeBytes(), InstantSource.system(), terminal.err(), Terminal.isWatched());
      var request =
          client
              .request("/posts/import" + options.query())
              .header("Content-Type", input.contentType())
              // A refusal comes before the body is sent, not as a broken connection.
              .expectContinue(true)
              .POST(BodyPublishers.ofInputStream(() -> input.counted(progress)));
      JsonNode answer = client.send(request);
      progress.done();
      return answer;
    }
  }
}
