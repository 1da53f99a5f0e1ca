package io.pulsegrid.chaos.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strangers take every connection that Postgres has; the nodes' own are ended to make room. */
final class PoolExhausted implements Fault {
  private static final Duration EVERY = Duration.ofMillis(300);
  private static final int MORE_THAN_ENOUGH = 1_000;

  private final Duration length;
  private final List<Connection> taken = new ArrayList<>();
  private @Nullable Connection first;
  private @Nullable Meanwhile loop;

  PoolExhausted(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "pool-exhausted";
  }

  @Override
  public String story() {
    return "strangers hold every connection of Postgres for " + length.toSeconds() + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    Connection hands = scene.grid().store().connect();
    first = hands;
    loop =
        new Meanwhile(
            "strangers",
            EVERY,
            () -> {
              try (var statement = hands.createStatement()) {
                boolean _ = statement.execute(BackendsKilled.END_OTHERS);
              }
              takeAll(scene);
            });
  }

  @Override
  public void heal(Scene scene) throws Exception {
    Meanwhile running = loop;
    if (running != null) {
      running.stop();
    }
    scene.story().accept("gives " + taken.size() + " connections back");
    for (Connection connection : taken) {
      connection.close();
    }
    Connection hands = first;
    if (hands != null) {
      hands.close();
    }
  }

  private void takeAll(Scene scene) {
    try {
      while (taken.size() < MORE_THAN_ENOUGH) {
        taken.add(scene.grid().store().connect());
      }
    } catch (SQLException e) {
      // None is left; what the nodes let go is taken in the next turn.
    }
  }
}
