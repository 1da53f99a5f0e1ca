package io.pulsegrid.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code verify}: compares grid, Postgres and index on a running grid. */
@Command(name = "verify", description = "Compare grid, PostgreSQL and index of a running grid.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private final RestOptions rest = new RestOptions();

  @Option(names = "--repair", description = "mend what differs: the higher revision wins")
  private boolean repair;

  @Option(names = "--json", paramLabel = "FILE", description = "write the answer there as well")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var terminal = Terminal.system();
    var client = rest.client();
    JsonNode answer = client.post("/verify?repair=" + repair, client.object());
    if (json != null) {
      Files.writeString(json, answer.toString() + "\n");
    }
    terminal.say(row("", "grid", "postgres", "index"));
    terminal.say(
        row(
            "posts",
            count(answer, "gridPosts"),
            count(answer, "storedPosts"),
            count(answer, "indexedPosts")));
    terminal.say(row("vectors", count(answer, "gridVectors"), count(answer, "storedVectors"), ""));
    terminal.say(row("differing", count(answer, "differing"), "", ""));
    terminal.say(row("repaired", count(answer, "repaired"), "", ""));
    for (JsonNode difference : answer.path("differences")) {
      terminal.say("  " + difference.asString());
    }
    boolean clean = answer.path("clean").asBoolean(false);
    terminal.say(clean ? "clean" : "not clean");
    return clean ? 0 : Main.FAILED;
  }

  private static String row(String name, String grid, String postgres, String index) {
    return "%-10s %12s %12s %12s".formatted(name, grid, postgres, index).stripTrailing();
  }

  private static String count(JsonNode answer, String field) {
    return answer.path(field).asString("?");
  }
}
