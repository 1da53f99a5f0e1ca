package io.pulsegrid.node.collect;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.listen.Quota;
import java.time.Duration;

/** A quota that counts what it is asked: granted, held, and granted but refused by the platform. */
public record CountedQuota(Quota quota, MeterRegistry meters) implements Quota {
  @Override
  public Leave ask(Bucket bucket, Duration longest) {
    return switch (quota.ask(bucket, longest)) {
      case Leave.Held held -> {
        count(bucket, "held");
        yield held;
      }
      case Leave.Granted granted ->
          new Leave.Granted(
              told -> {
                count(bucket, told.blockedUntil() == null ? "granted" : "throttled");
                granted.ended().accept(told);
              });
    };
  }

  private void count(Bucket bucket, String result) {
    meters
        .counter(
            "pulsegrid.collect.calls",
            "kind",
            bucket.kind(),
            "action",
            bucket.action(),
            "result",
            result)
        .increment();
  }
}
