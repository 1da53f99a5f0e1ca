package io.pulsegrid.node.publish;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A breaker for each host of each platform: one that fails is left alone for a while. */
final class Breakers {
  private final CircuitBreakerRegistry registry =
      CircuitBreakerRegistry.of(
          CircuitBreakerConfig.custom()
              .slidingWindowSize(20)
              .minimumNumberOfCalls(10)
              .failureRateThreshold(50)
              .waitDurationInOpenState(Duration.ofSeconds(10))
              .permittedNumberOfCallsInHalfOpenState(2)
              .build());

  CircuitBreaker of(Channel.Spec channel) {
    String host = String.valueOf(channel.baseUrl().getAuthority()).toLowerCase(Locale.ROOT);
    return registry.circuitBreaker(channel.platform() + "@" + host);
  }

  /** A host that says no is well; one that does not answer, or breaks while it does, is not. */
  static void tell(CircuitBreaker breaker, Outcome outcome, Duration took) {
    switch (outcome) {
      case Outcome.Transient _, Outcome.Ambiguous _ ->
          breaker.onError(
              took.toNanos(), TimeUnit.NANOSECONDS, new IllegalStateException(outcome.detail()));
      case Outcome.Accepted _, Outcome.Rejected _, Outcome.Throttled _, Outcome.Unauthorized _ ->
          breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
