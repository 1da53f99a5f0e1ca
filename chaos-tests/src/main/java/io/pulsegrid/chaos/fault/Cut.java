package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.HostsGrid;
import io.pulsegrid.chaos.node.Network;
import java.time.Duration;
import java.util.Optional;

/**
 * One host no longer reaches the others, nor they it, and nobody is told; all still reach Postgres,
 * the platforms and their clients. Writes go on at both sides while the cut is not yet noticed.
 */
final class Cut implements Fault {
  private final Duration length;
  private int host = -1;

  Cut(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "cut";
  }

  @Override
  public String story() {
    return "one host cut off the others for " + length.toSeconds() + " s, silently";
  }

  @Override
  public Duration length() {
    return length;
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
  public void inject(Scene scene) throws Exception {
    host = scene.anyNode();
    scene.story().accept("cuts host " + host + " off");
    network(scene).cut(host);
  }

  @Override
  public void heal(Scene scene) throws Exception {
    if (host >= 0) {
      network(scene).heal(host);
    }
  }

  private static Network network(Scene scene) {
    if (scene.grid() instanceof HostsGrid hosts) {
      return hosts.network();
    }
    throw new IllegalStateException("one machine has no network to cut");
  }
}
