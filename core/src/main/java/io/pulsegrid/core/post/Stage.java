package io.pulsegrid.core.post;

/** How far a post has come; a post only moves forward, except when its wording changes. */
public enum Stage {
  /** Stored. */
  COLLECTED(0),
  /** Has its vector, or is known to be a near-duplicate, which needs none. */
  EMBEDDED(1),
  /** Searchable. */
  INDEXED(2),
  /** Belongs to a trend. */
  CLUSTERED(3);

  private final int rank;

  Stage(int rank) {
    this.rank = rank;
  }

  /** The stage's place in the order, as it is stored; never renumbered. */
  public int rank() {
    return rank;
  }

  /** The stage of a rank. */
  public static Stage of(int rank) {
    for (Stage stage : values()) {
      if (stage.rank == rank) {
        return stage;
      }
    }
    throw new IllegalArgumentException("no stage has the rank " + rank);
  }
}
