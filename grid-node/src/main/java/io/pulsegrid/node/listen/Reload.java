package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;

/**
 * Keeps the hot set in the grid: loads what this node is the primary of and the grid has not, when
 * the grid begins and when it has lost partitions. All nodes load at the same time. Until every
 * partition is loaded the grid is not whole: nodes are not ready, and what goes through all posts
 * in order waits.
 */
final class Reload implements StageWork {
  /** The cache of {@link PartitionMarks}. */
  static final String MARKS = "reload";

  private final PartitionMarks marks;
  private final LostPartitions lost;
  private final HotSet hotSet;
  private final Room room;
  private final Sequencer sequencer;
  private final Housekeeping housekeeping;
  private Instant lastSince = Instant.EPOCH;
  private volatile int missing;
  private volatile boolean whole;

  /** What it works with. */
  record Parts(
      PartitionMarks marks,
      LostPartitions lost,
      HotSet hotSet,
      Room room,
      Sequencer sequencer,
      Housekeeping housekeeping) {}

  Reload(Parts parts, MeterRegistry meters) {
    marks = parts.marks();
    lost = parts.lost();
    hotSet = parts.hotSet();
    room = parts.room();
    sequencer = parts.sequencer();
    housekeeping = parts.housekeeping();
    meters.gauge("pulsegrid.reload.partitions", this, reload -> reload.missing);
  }

  @Override
  public String name() {
    return "reload";
  }

  /** Loads what is this node's to load. */
  @Override
  public boolean work() throws SQLException {
    try {
      lost.tend();
      sequencer.closeLeftovers();
      Map<Integer, Long> demands = marks.missing();
      missing = demands.size();
      if (!demands.isEmpty()) {
        whole = false;
        load(demands);
      }
      checkWhole();
      return false;
    } catch (RuntimeException e) {
      // A partition that nobody holds cannot even be asked for: the grid is not whole.
      whole = false;
      throw e;
    }
  }

  private void load(Map<Integer, Long> demands) throws SQLException {
    if (!room.isDecided() && lost.isOldest()) {
      room.decide(housekeeping.hotFloor());
    }
    if (room.isDecided()) {
      Instant since = room.since();
      if (since.isAfter(lastSince)) {
        // Where fewer nodes have to hold it, what they held may be more than has room now.
        int _ = housekeeping.letGoOfTheCold();
        lastSince = since;
      }
      marks.loaded(hotSet.load(demands, housekeeping.hotFloor()));
    }
  }

  /** Whether all that Postgres has is in the grid, as this node last saw it. */
  boolean isWhole() {
    return whole;
  }

  /** How many partitions of the whole grid are still to be loaded, as this node last saw it. */
  int missing() {
    return missing;
  }

  /** Whether all that Postgres has is in the grid, asked now. */
  private boolean checkWhole() {
    missing = marks.missing().size();
    whole = missing == 0 && sequencer.hasStarted();
    return whole;
  }

  /** A stage that does nothing while the grid is not whole, and is told so. */
  StageWork gated(StageWork stage, Runnable whileNot) {
    return new Gated(stage, whileNot);
  }

  /**
   * A stage behind the question whether the grid is whole. A calm grid is asked once a second:
   * asked in each turn it was most of what idle nodes said to each other. For one thread.
   */
  private final class Gated implements StageWork {
    private final StageWork stage;
    private final Runnable whileNot;
    private final CalmGrid grid = new CalmGrid();

    Gated(StageWork stage, Runnable whileNot) {
      this.stage = stage;
      this.whileNot = whileNot;
    }

    @Override
    public String name() {
      return stage.name();
    }

    @Override
    public boolean work() throws Exception {
      if (!isWholeStill()) {
        whileNot.run();
        return false;
      }
      return stage.work();
    }

    private boolean isWholeStill() {
      long now = System.nanoTime();
      if (grid.remembers(lost.topology(), now) && whole) {
        return true;
      }
      grid.ask(!lost.lossy().isEmpty(), now);
      return checkWhole();
    }
  }
}
