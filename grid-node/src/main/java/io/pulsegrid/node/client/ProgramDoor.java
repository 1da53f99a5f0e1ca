package io.pulsegrid.node.client;

import org.apache.ignite.Ignite;
import org.apache.ignite.resources.IgniteInstanceResource;
import org.apache.ignite.services.Service;
import org.jspecify.annotations.Nullable;

/**
 * The one service that programs may call. It has no state, so that the same bytes stand for it on
 * nodes of every version; its name and its method are part of the contract.
 */
public final class ProgramDoor implements Service {
  /** The name that programs call. */
  public static final String NAME = "pulsegrid";

  private static final long serialVersionUID = 1L;

  @IgniteInstanceResource private transient @Nullable Ignite ignite;

  /** Answers one message; whatever is wrong with it is told in the answer. */
  public byte[] call(byte[] message) {
    Ignite here = ignite;
    if (here == null) {
      throw new IllegalStateException("the service was not deployed");
    }
    return ProgramDesk.answer(here, message);
  }
}
