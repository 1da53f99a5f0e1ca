package io.pulsegrid.core.grid;

import java.util.List;

/** The grid as its operator sees it. */
public interface Grid {
  /** The nodes that are alive, longest-running first. */
  List<Node> nodes();
}
