package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.util.Map;

class GithubCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "github";
  }

  @Override
  String path() {
    return "/search/repositories?q=a";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(
        Map.of("accessToken", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "search";
  }

  @Override
  String unreadable() {
    return "/search/code?q=a";
  }

  @Override
  String unknownId() {
    return "1";
  }

  @Override
  Duration away() {
    return Duration.ofHours(68);
  }
}
