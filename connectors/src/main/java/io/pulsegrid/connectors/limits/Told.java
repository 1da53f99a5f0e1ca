package io.pulsegrid.connectors.limits;

import io.pulsegrid.core.limit.Allowance;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of its platform's limit.
 *
 * @param allowance what is left; null if nothing is said of it
 * @param blockedUntil until when it wants to be left alone; null if it refused nothing for its
 *     limit, or does not say how long
 * @param blocksApp whether it refused for a limit that all accounts of the platform's app share
 */
public record Told(
    @Nullable Allowance allowance, @Nullable Instant blockedUntil, boolean blocksApp) {
  /** An answer that says nothing of limits. */
  public static final Told NOTHING = new Told(null, null, false);

  static Told left(Optional<Allowance> allowance) {
    return new Told(allowance.orElse(null), null, false);
  }

  static Told blocked(Optional<Allowance> allowance, Optional<Instant> until) {
    return new Told(allowance.orElse(null), until.orElse(null), false);
  }

  /** The same, of a limit that all accounts share. */
  static Told appBlocked(Optional<Allowance> allowance, Optional<Instant> until) {
    return new Told(allowance.orElse(null), until.orElse(null), true);
  }
}
