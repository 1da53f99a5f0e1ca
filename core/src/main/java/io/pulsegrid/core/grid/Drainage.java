package io.pulsegrid.core.grid;

import java.util.UUID;

/** How an operator takes nodes out of the grid for good. */
public interface Drainage {
  /**
   * Lowers the size that the grid expects and sends one node away. It leaves when others have all
   * that it holds, some time after this has answered. Asking twice is harmless.
   *
   * @return how many nodes the grid expects from now on
   * @throws io.pulsegrid.core.failure.PulsegridException {@code NOT_FOUND} where there is no such
   *     node, {@code CONFLICT} where those that stay would be too few to write
   */
  int drain(UUID node);
}
