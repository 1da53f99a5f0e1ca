package io.pulsegrid.chaos.control;

import io.pulsegrid.chaos.node.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Ignite's own write-behind in place of ours: one of two nodes is killed right after the puts. */
final class WriteBehind implements Control {
  private static final int POSTS = 8_000;
  // Ignite flushes every five seconds; what has not come after two rounds never will.
  private static final Duration TWO_FLUSHES = Duration.ofSeconds(11);

  @Override
  public String name() {
    return "write-behind";
  }

  @Override
  public Report run(Path work, Consumer<String> progress) throws Exception {
    try (Store store = Store.start(work)) {
      store.execute("CREATE TABLE " + BareStore.TABLE + " (id int PRIMARY KEY, text text)");
      List<Integer> ports = freePorts();
      String addresses = "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
      try (BareProcess first = node(work, store, ports.get(0), ports.get(2), addresses);
          BareProcess second = node(work, store, ports.get(1), ports.get(3), addresses)) {
        String _ = first.order("put " + POSTS, "put");
        second.kill();
        progress.accept(POSTS + " posts are put, one of two nodes is killed");
        Thread.sleep(TWO_FLUSHES);
        int stored =
            Integer.parseInt(store.column("SELECT count(*) FROM " + BareStore.TABLE).getFirst());
        return new Report(
            name(),
            stored < POSTS ? Outcome.REPORTED : Outcome.UNNOTICED,
            "%,d of %,d acknowledged posts lost by kill -9 of one of two nodes"
                .formatted(POSTS - stored, POSTS));
      }
    }
  }

  private static BareProcess node(
      Path work, Store store, int discovery, int communication, String addresses)
      throws IOException, InterruptedException {
    return BareProcess.start(
        work,
        List.of(),
        store.url(),
        List.of(
            "127.0.0.1",
            String.valueOf(discovery),
            String.valueOf(communication),
            addresses,
            "behind"));
  }

  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket a = socket();
        ServerSocket b = socket();
        ServerSocket c = socket();
        ServerSocket d = socket()) {
      return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort(), d.getLocalPort());
    }
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
