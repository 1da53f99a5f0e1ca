package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Channel;

/**
 * A delivery with all that a call to its platform needs, read in one statement: what the ledger
 * returned is what is sent.
 */
public record Sendable(
    Charge charge,
    String text,
    String idempotencyKey,
    Channel.Spec channel,
    SealedCredentials credentials) {

  /** Never the text or a secret: this ends in logs. */
  @Override
  public String toString() {
    return "Sendable[" + charge.delivery().id() + "]";
  }
}
