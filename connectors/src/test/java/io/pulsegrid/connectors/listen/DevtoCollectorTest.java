package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.util.Map;

class DevtoCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "devto";
  }

  @Override
  String path() {
    return "";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(Map.of("apiKey", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "articles";
  }

  @Override
  String unreadable() {
    return "/api/articles/7";
  }

  @Override
  String unknownId() {
    return "1";
  }
}
