package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.HostsGrid;
import io.pulsegrid.chaos.node.Network;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * No fault either: a node is taken out of the grid for good, under load, and comes back as one that
 * is new. The number of nodes that the grid expects falls and rises with it.
 */
final class DrainAndJoin implements Fault {
  private boolean gone;
  private int host;

  @Override
  public String name() {
    return "drain-and-join";
  }

  @Override
  public String story() {
    return "a node is drained, its launcher ends, and it is started again";
  }

  @Override
  public Duration length() {
    return Duration.ZERO;
  }

  @Override
  public Place place() {
    return Place.SEVERAL_HOSTS;
  }

  @Override
  public Optional<String> obstacle() throws Exception {
    return Network.obstacle();
  }

  @Override
  public boolean isPlanned() {
    return true;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    host = scene.anyNode();
    int nodes = scene.grid().size();
    long pid = scene.pid(host);
    scene.story().accept("drains host " + host);
    String id = idOf(scene, pid);
    JsonNode _ = scene.grid().rest(host).post("/nodes/" + id + "/drain", "{}").expect(202).body();
    gone = true;
    scene.awaitEnd(pid);
    scene.story().accept("host " + host + " has left");
    expect(scene, nodes - 1);
    heal(scene);
    expect(scene, nodes);
  }

  @Override
  public void heal(Scene scene) throws Exception {
    if (gone && scene.grid() instanceof HostsGrid hosts) {
      gone = false;
      hosts.startAgain(host);
      scene.story().accept("host " + host + " has joined");
    }
  }

  private String idOf(Scene scene, long pid) throws IOException, InterruptedException {
    for (JsonNode node : scene.grid().rest(host).get("/nodes").expect(200).body().path("items")) {
      if (node.path("pid").longValue() == pid) {
        return node.path("id").stringValue();
      }
    }
    throw new IllegalStateException("no node says that it is process " + pid);
  }

  private static void expect(Scene scene, int nodes) throws SQLException {
    String expected = scene.grid().store().column("SELECT expected FROM grid_size").getFirst();
    if (!expected.equals(String.valueOf(nodes))) {
      throw new IllegalStateException(
          "the grid expects " + expected + " nodes, where there are " + nodes);
    }
  }
}
