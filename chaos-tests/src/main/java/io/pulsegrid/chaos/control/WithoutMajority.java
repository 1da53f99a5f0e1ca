package io.pulsegrid.chaos.control;

import io.pulsegrid.chaos.node.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A pair without a majority to ask for: cut in two, both halves go on and claim the same keys. */
final class WithoutMajority implements Control {
  private static final int KEYS = 100;
  private static final int DISCOVERY = 47_500;
  private static final int COMMUNICATION = 47_100;
  private static final int TURNS = 90;

  @Override
  public String name() {
    return "no-majority";
  }

  @Override
  public Report run(Path work, Consumer<String> progress) throws Exception {
    Optional<String> obstacle = Network.obstacle();
    if (obstacle.isPresent()) {
      return new Report(name(), Outcome.SKIPPED, obstacle.get());
    }
    try (Network network = Network.of(2);
        BareProcess left = node(work, network, 0);
        BareProcess right = node(work, network, 1)) {
      awaitSize(left, 2);
      network.cut(0);
      progress.accept("the pair is cut");
      awaitSize(left, 1);
      awaitSize(right, 1);
      Set<String> both = claim(left);
      int ofLeft = both.size();
      both.retainAll(claim(right));
      return new Report(
          name(),
          both.isEmpty() ? Outcome.UNNOTICED : Outcome.REPORTED,
          "%d of %d keys claimed by both halves of a cut pair (%d by one)"
              .formatted(both.size(), KEYS, ofLeft));
    }
  }

  private static Set<String> claim(BareProcess node) throws IOException, InterruptedException {
    return new HashSet<>(List.of(node.order("claim " + KEYS, "claimed").split(",", -1)));
  }

  private static void awaitSize(BareProcess node, int size)
      throws IOException, InterruptedException {
    for (int turn = 0; turn < TURNS; turn++) {
      if (Integer.parseInt(node.order("size", "size")) == size) {
        return;
      }
      Thread.sleep(500);
    }
    throw new IOException("the node never saw " + size + " nodes");
  }

  private static BareProcess node(Path work, Network network, int host)
      throws IOException, InterruptedException {
    return BareProcess.start(
        work,
        network.on(host),
        "",
        List.of(
            network.address(host),
            String.valueOf(DISCOVERY),
            String.valueOf(COMMUNICATION),
            network.address(0) + ":" + DISCOVERY + "," + network.address(1) + ":" + DISCOVERY));
  }
}
