package io.pulsegrid.node.grid.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ids of administrators' connections, by which any node of the installation knows that another one
 * has let an administrator in: half of each is chance, half what only they can work out of it.
 */
final class AdministratorIds {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  AdministratorIds(String joinSecret) {
    secret = new SecretKeySpec(joinSecret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /** An id for a connection to a node. */
  UUID of(UUID node, long chance) {
    return new UUID(proof(node, chance), chance);
  }

  /** Whether that node gave this id to an administrator. */
  boolean isFrom(UUID node, UUID id) {
    return id.getMostSignificantBits() == proof(node, id.getLeastSignificantBits());
  }

  private long proof(UUID node, long chance) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      mac.update(
          ByteBuffer.allocate(3 * Long.BYTES)
              .putLong(node.getMostSignificantBits())
              .putLong(node.getLeastSignificantBits())
              .putLong(chance)
              .flip());
      return ByteBuffer.wrap(mac.doFinal()).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
