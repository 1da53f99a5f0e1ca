package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.util.Map;

class RedditCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "reddit";
  }

  @Override
  String path() {
    return "/r/all/new";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(
        Map.of("clientId", "app", "clientSecret", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "listing";
  }

  @Override
  String unreadable() {
    return "/r/all/comments";
  }

  @Override
  String unknownId() {
    return "t3_zzzzzzzzzz";
  }
}
