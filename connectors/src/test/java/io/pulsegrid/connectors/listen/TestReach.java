package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.TestWeb;
import io.pulsegrid.connectors.http.FetchLimits;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/** The collectors as a node makes them, and calls of them. */
final class TestReach {
  private final Collectors collectors;

  TestReach(Quota quota) {
    this(quota, InstantSource.system());
  }

  TestReach(Quota quota, InstantSource clock) {
    collectors =
        Collectors.over(
            new Reach(
                TestWeb.client(true),
                quota,
                _ -> new FetchLimits(Duration.ofSeconds(10), 4 << 20),
                clock));
  }

  Collector collector(String kind) {
    return collectors.collectors().stream()
        .filter(it -> it.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  EngagementReader reader(String platform) {
    return collectors.readers().stream()
        .filter(it -> it.platform().equals(platform))
        .findFirst()
        .orElseThrow();
  }

  Collector.Result collect(
      String kind, URI url, Source.Credentials credentials, Source.Position from) {
    return collector(kind)
        .collect(new Collector.Call("source-1", spec(kind, url), credentials, from));
  }

  static Source.Spec spec(String kind, URI url) {
    return new Source.Spec(kind, url, new Schedule.Every(Duration.ofMinutes(5)), 5);
  }
}
