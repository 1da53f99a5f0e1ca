package io.pulsegrid.chaos.fault;

import io.pulsegrid.chaos.node.Disk;
import java.time.Duration;
import java.util.Optional;

/** No block is left on the disk of the data directory: store, indexes and logs alike. */
final class DiskFull implements Fault {
  private static final Duration TO_COME_BACK = Duration.ofMinutes(1);

  private final Duration length;

  DiskFull(Duration length) {
    this.length = length;
  }

  @Override
  public String name() {
    return "disk-full";
  }

  @Override
  public String story() {
    return "the data directory's disk full for " + length.toSeconds() + " s";
  }

  @Override
  public Duration length() {
    return length;
  }

  @Override
  public Optional<String> obstacle() throws Exception {
    return Disk.obstacle();
  }

  /** Nodes that cannot write their index end, all of them at worst. */
  @Override
  public Bounds bounds() {
    return Bounds.ALL_AWAY;
  }

  @Override
  public void inject(Scene scene) throws Exception {
    scene.story().accept("fills the disk");
    disk(scene).fill();
  }

  @Override
  public void heal(Scene scene) throws Exception {
    disk(scene).free();
    // Postgres ends itself when it cannot write its log; the launcher starts it again.
    scene.awaitStore(TO_COME_BACK);
  }

  private static Disk disk(Scene scene) {
    Disk disk = scene.disk();
    if (disk == null) {
      throw new IllegalStateException("the data directory has no disk of its own");
    }
    return disk;
  }
}
