package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code drain}: takes a node out of its grid for good, and waits until it is gone. */
@Command(name = "drain", description = "Take a node out of its grid for good.")
final class DrainCommand implements Callable<Integer> {
  private static final int TURNS = 1_200;

  @Mixin private final RestOptions rest = new RestOptions();

  @Option(
      names = "--node",
      paramLabel = "ID",
      description = "the node's id (the node that --url names)")
  private @Nullable String node;

  @Override
  public Integer call() throws InterruptedException {
    var terminal = Terminal.system();
    var asked = rest.client();
    List<JsonNode> nodes = new ArrayList<>();
    asked.get("/nodes").path("items").forEach(nodes::add);
    JsonNode leaving =
        nodes.stream()
            .filter(one -> one.path(node == null ? "http" : "id").asString("").equals(wanted()))
            .findFirst()
            .orElseThrow(() -> new SettingRefused(unknown(nodes)));
    String id = leaving.path("id").asString();
    JsonNode answer = asked.post("/nodes/" + id + "/drain", asked.object());
    terminal.say(
        "the grid expects %s nodes from now on; %s leaves when others hold all that it holds"
            .formatted(answer.path("expected").asString("?"), leaving.path("http").asString()));
    // The one that was asked may be the one that goes.
    RestClient witness =
        nodes.stream()
            .filter(one -> !one.path("id").asString("").equals(id))
            .findFirst()
            .map(one -> rest.client(one.path("http").asString()))
            .orElse(asked);
    for (int turn = 0; turn < TURNS; turn++) {
      if (isGone(witness, id)) {
        terminal.say("it is gone");
        return 0;
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    terminal.complain("pulsegrid: it still hands over; its log says how far it is");
    return Main.FAILED;
  }

  private static boolean isGone(RestClient witness, String id) throws InterruptedException {
    try {
      for (JsonNode one : witness.get("/nodes").path("items")) {
        if (one.path("id").asString("").equals(id)) {
          return false;
        }
      }
      return true;
    } catch (PulsegridException e) {
      return false; // the grid rearranges itself just now
    }
  }

  private String wanted() {
    return node == null ? rest.url.replaceFirst("/+$", "") : node;
  }

  private String unknown(List<JsonNode> nodes) {
    var known = new StringBuilder();
    nodes.forEach(
        one ->
            known
                .append("\n  ")
                .append(one.path("id").asString(""))
                .append("  ")
                .append(one.path("http").asString("")));
    return "no node is " + wanted() + "; give --node ID, one of" + known;
  }
}
