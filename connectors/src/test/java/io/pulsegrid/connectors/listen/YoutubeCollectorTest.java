package io.pulsegrid.connectors.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YoutubeCollectorTest extends CollectorContract {
  @Test
  void takesWhatASearchFoundOnceMoreWhereTheRestCouldNotBeAsked() {
    quota.closeAfter(1, Instant.parse("2026-05-12T11:00:00Z"));
    Result.Collected bare = collected(Source.Position.START);
    assertThat(bare.posts()).isNotEmpty().allMatch(post -> post.content().tags().isEmpty());

    quota.closeAfter(Integer.MAX_VALUE, Instant.MAX);
    Result.Collected whole = collected(bare.next());
    assertThat(ids(whole.posts())).containsAll(ids(bare.posts()));
    assertThat(whole.posts()).anyMatch(post -> !post.content().tags().isEmpty());
    assertThat(collected(whole.next()).posts()).isEmpty();
  }

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

  /** A day has a hundred searches. */
  @Override
  Duration away() {
    return Duration.ofHours(20);
  }
}
