package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.util.Map;

class MastodonCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "mastodon";
  }

  @Override
  String path() {
    return "/api/v1/timelines/public";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(
        Map.of("accessToken", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "timeline";
  }

  @Override
  String unreadable() {
    return "/api/v1/accounts/7";
  }

  @Override
  String unknownId() {
    return "1";
  }

  @Override
  Duration away() {
    return Duration.ofHours(6);
  }
}
