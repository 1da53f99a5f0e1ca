package io.pulsegrid.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class ShownAddressTest {
  @Test
  void leavesOutWhatMayBeAKey() {
    assertThat(ShownAddress.of(URI.create("https://a.example/feed.xml?token=secret#x")))
        .isEqualTo("https://a.example/feed.xml?...");
    assertThat(ShownAddress.of(URI.create("https://a.example/feed.xml#secret")))
        .isEqualTo("https://a.example/feed.xml?...");
    assertThat(ShownAddress.of(URI.create("https://a.example/feed.xml")))
        .isEqualTo("https://a.example/feed.xml");
  }
}
