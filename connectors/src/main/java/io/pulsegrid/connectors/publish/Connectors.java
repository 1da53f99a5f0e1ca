package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Publisher;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All platforms that can be published on. */
public final class Connectors {
  private final Map<String, Publisher> byPlatform = new TreeMap<>();

  public Connectors(Outside outside) {
    List.of(
            new BlueskyPublisher(outside),
            new DevtoPublisher(outside),
            new FacebookPublisher(outside),
            new InstagramPublisher(outside),
            new LinkedinPublisher(outside),
            new MastodonPublisher(outside),
            new RedditPublisher(outside),
            new WebhookPublisher(outside))
        .forEach(connector -> byPlatform.put(connector.platform(), connector));
  }

  public Collection<Publisher> all() {
    return byPlatform.values();
  }

  /**
   * The connector of a platform.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Publisher of(String platform) {
    Publisher connector = byPlatform.get(platform);
    if (connector == null) {
      throw new IllegalArgumentException(
          "platform must be one of " + byPlatform.keySet() + ", was " + platform);
    }
    return connector;
  }
}
