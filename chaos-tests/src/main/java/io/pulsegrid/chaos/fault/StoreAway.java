package io.pulsegrid.chaos.fault;

import java.time.Duration;

/** Postgres is shut down, and started again after a while. */
final class StoreAway implements Fault {
  private final Duration length;

  StoreAway(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "store-away";
  }

  @Override
  public String story() {
    return "Postgres stopped for " + length.toSeconds() + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public void inject(Scene scene) {
    scene.story().accept("stops Postgres");
    scene.grid().store().stop();
  }

  @Override
  public void heal(Scene scene) {
    scene.grid().store().startAgain();
    scene.story().accept("Postgres runs again");
  }
}
