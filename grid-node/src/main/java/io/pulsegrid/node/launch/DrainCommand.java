package io.pulsegrid.node.launch;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.store.membership.DeclaredSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/**
 * {@code drain}: takes a node out of its grid for good, and waits until it is gone; or lets go of
 * nodes that are gone already.
 */
@Command(name = "drain", description = "Take a node out of its grid for good.")
final class DrainCommand implements Callable<Integer> {
  private static final int TURNS = 1_200;

  @Mixin private final RestOptions rest = new RestOptions();

  @Option(
      names = "--node",
      paramLabel = "ID",
      description = "the node's id (the node that --url names)")
  private @Nullable String node;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description =
          "tells the store that N nodes are left, where others are gone for good and cannot be"
              + " asked; only when they surely do not run")
  private @Nullable Integer expected;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "with --expect: the nodes' settings, for pulsegrid.store.*")
  private @Nullable Path config;

  @Override
  public Integer call() throws InterruptedException {
    var terminal = Terminal.system();
    return expected == null ? drain(terminal) : declare(expected, terminal);
  }

  /** Goes to the store: without a majority no node answers, and those that are gone never will. */
  private int declare(int nodes, Terminal terminal) {
    if (node != null || nodes < 1) {
      throw new SettingRefused(
          node != null
              ? "--node and --expect exclude each other: one drains a node, one lets go of those"
                  + " that are gone"
              : "--expect must be at least 1, was " + nodes);
    }
    rest.settings = OuterSettings.of(config, System.getenv());
    var address = StoreAddress.of(rest.settings, rest.data());
    if (!DeclaredSize.set(address.url(), address.login(), nodes)) {
      throw new SettingRefused("no node has used this store yet");
    }
    terminal.say(expectation(nodes));
    return 0;
  }

  private static String expectation(int nodes) {
    return "the grid expects " + nodes + (nodes == 1 ? " node" : " nodes") + " from now on";
  }

  private int drain(Terminal terminal) throws InterruptedException {
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
        "%s; %s leaves when others hold all that it holds"
            .formatted(
                expectation(answer.path("expected").asInt(0)), leaving.path("http").asString()));
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
