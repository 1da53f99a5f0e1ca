package io.pulsegrid.api.access;

import io.github.bucket4j.ConsumptionProbe;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Lets in those who bring their key with each call by another way than HTTP, by the rules of HTTP:
 * the same keys, scopes, refusals, and the same bucket of calls a minute.
 */
@Component
public final class Doorkeeper {
  static final String UNKNOWN = "this key is not known; it may have been deleted";

  private final Keys keys;
  private final KeyRates rates;

  Doorkeeper(Keys keys, KeyRates rates) {
    this.keys = keys;
    this.rates = rates;
  }

  /**
   * The caller behind a key.
   *
   * @throws PulsegridException {@code UNAUTHENTICATED} or {@code FORBIDDEN}
   */
  public Caller letIn(String key, Scope needed) {
    if (key.isEmpty()) {
      throw PulsegridException.of(FailureCode.UNAUTHENTICATED, "a key is required: pg_...");
    }
    Caller caller =
        keys.authenticate(key)
            .orElseThrow(() -> PulsegridException.of(FailureCode.UNAUTHENTICATED, UNKNOWN));
    caller.require(needed);
    return caller;
  }

  /**
   * Takes what a call costs from the caller's bucket.
   *
   * @throws PulsegridException {@code RATE_LIMITED} with the time to wait
   */
  public void charge(Caller caller, int cost) {
    ConsumptionProbe probe = rates.take(caller.keyId(), cost);
    if (!probe.isConsumed()) {
      long wait = KeyRates.waitSeconds(probe);
      throw PulsegridException.tooFast(rates.refusal(wait), Duration.ofSeconds(wait));
    }
  }
}
