package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.util.Map;

class BlueskyCollectorTest extends CollectorContract {
  @Override
  String kind() {
    return "bluesky";
  }

  @Override
  String path() {
    return "/xrpc/app.bsky.feed.searchPosts?q=the";
  }

  @Override
  Source.Credentials credentials(String account) {
    return new Source.Credentials(
        Map.of(
            "identifier", account, "appPassword", account.equals("bad") ? "bad" : "t-" + account));
  }

  @Override
  String operation() {
    return "read";
  }

  @Override
  String unreadable() {
    return "/xrpc/app.bsky.feed.getLikes?uri=x";
  }

  @Override
  String unknownId() {
    return "at://did:plc:x/app.bsky.feed.post/w1";
  }
}
