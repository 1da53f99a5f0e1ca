package io.pulsegrid.node.collect;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.pulsegrid.connectors.http.SourceGate;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A circuit breaker a source: after five silences in the last ten calls it is left alone for ten
 * seconds, then asked twice to see. Only silence counts, not a bad status. Other sources of the
 * same host are asked on: what hangs may be one path of many, or somebody else's.
 */
public final class SourceBreakers implements SourceGate {
  private static final int MOST_SOURCES = 10_000;
  private static final CircuitBreakerConfig CONFIG =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(10)
          .minimumNumberOfCalls(5)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(10))
          .permittedNumberOfCallsInHalfOpenState(2)
          .maxWaitDurationInHalfOpenState(Duration.ofMinutes(2))
          .build();

  /** Forgets the source that was asked the longest ago. */
  private final Map<String, CircuitBreaker> breakers =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CircuitBreaker> eldest) {
              return size() > MOST_SOURCES;
            }
          });

  @Override
  public Optional<Pass> enter(String sourceId) {
    CircuitBreaker breaker =
        breakers.computeIfAbsent(sourceId, name -> CircuitBreaker.of(name, CONFIG));
    return breaker.tryAcquirePermission() ? Optional.of(new Counted(breaker)) : Optional.empty();
  }

  /** A pass that tells the breaker. */
  private record Counted(CircuitBreaker breaker) implements Pass {
    @Override
    public void answered() {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void silent() {
      breaker.onError(0, TimeUnit.NANOSECONDS, new IOException("silent"));
    }

    @Override
    public void calledOff() {
      breaker.releasePermission();
    }
  }
}
