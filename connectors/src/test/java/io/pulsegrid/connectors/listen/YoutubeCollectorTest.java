package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.util.Map;

class YoutubeCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "youtube";
  }

  @Override
  String path() {
    return "/v3/search?q=a";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(Map.of("apiKey", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "search";
  }

  @Override
  String unreadable() {
    return "/v3/search";
  }

  @Override
  String unknownId() {
    return "AAAAAAAAAAE";
  }
}
