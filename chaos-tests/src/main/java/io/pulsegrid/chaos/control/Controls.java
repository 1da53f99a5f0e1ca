package io.pulsegrid.chaos.control;

import java.util.List;

/** The negative controls that there are. */
public final class Controls {
  private Controls() {}

  public static List<Control> all() {
    return List.of(new WriteBehind(), new WithoutMajority(), new WithoutFence());
  }
}
