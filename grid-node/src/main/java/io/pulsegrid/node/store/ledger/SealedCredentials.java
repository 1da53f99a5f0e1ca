package io.pulsegrid.node.store.ledger;

/**
 * The credentials of a channel as its row holds them, or is to; only the sealing key opens them.
 */
public final class SealedCredentials {
  private final byte[] bytes;

  public SealedCredentials(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }
}
