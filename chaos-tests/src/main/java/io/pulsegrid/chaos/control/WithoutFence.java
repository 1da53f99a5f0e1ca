package io.pulsegrid.chaos.control;

import io.pulsegrid.chaos.judge.Arrivals;
import io.pulsegrid.chaos.node.Store;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Arming without the fence: one of two senders is held up between what it read and its arm. Run
 * with the fence as well, which must come to nothing doubled, so that the fence is what decides.
 */
final class WithoutFence implements Control {
  private static final int POSTS = 40;

  @Override
  public String name() {
    return "no-fence";
  }

  @Override
  public Report run(Path work, Consumer<String> progress) throws Exception {
    try (Store store = Store.start(work)) {
      int without = doubled(store, false);
      progress.accept(without + " doubled without the fence");
      int with = doubled(store, true);
      return new Report(
          name(),
          without > 0 && with == 0 ? Outcome.REPORTED : Outcome.UNNOTICED,
          "%d of %d posts sent twice without the fence, %d with it"
              .formatted(without, POSTS, with));
    }
  }

  private static int doubled(Store store, boolean fenced)
      throws IOException, InterruptedException, SQLException {
    store.execute(
        """
        DROP TABLE IF EXISTS control_delivery;
        CREATE TABLE control_delivery (
          id int PRIMARY KEY, state text NOT NULL DEFAULT 'SCHEDULED', fence int NOT NULL DEFAULT 1);
        INSERT INTO control_delivery (id) SELECT generate_series(1, %d)\
        """
            .formatted(POSTS));
    try (Sim sim = Sim.start(SimOptions.local(0));
        HttpClient http = HttpClient.newHttpClient()) {
      URI platform = sim.uri();
      ControlSender held = new ControlSender(store, http, platform, fenced);
      ControlSender swift = new ControlSender(store, http, platform, fenced);
      List<ControlSender.Due> read = held.due();
      swift.send(swift.due());
      held.send(read);
      return Arrivals.at(platform).doubled().size();
    }
  }
}
