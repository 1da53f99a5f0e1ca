package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.publish.ChannelHeads.Ready;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelHeadsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ChannelHeads heads = new ChannelHeads();

  @Test
  void whoeverWasServedLongestAgoComesFirst() {
    heads.note("a", "mastodon", NOW.minusSeconds(9));
    heads.note("b", "mastodon", NOW.minusSeconds(5));
    assertThat(heads.ready(NOW)).extracting(Ready::channel).containsExactly("a", "b");

    heads.served(heads.ready(NOW).getFirst(), Optional.of(NOW.minusSeconds(8)));
    assertThat(heads.ready(NOW)).extracting(Ready::channel).containsExactly("b", "a");
  }

  @Test
  void aChannelHeldBackCostsNothingUntilItsTime() {
    heads.note("a", "mastodon", NOW.minusSeconds(9));
    heads.hold("a", NOW.plusMillis(300));
    assertThat(heads.ready(NOW)).isEmpty();
    assertThat(heads.untilNext(NOW, SECOND)).isEqualTo(Duration.ofMillis(300));
    assertThat(heads.ready(NOW.plusMillis(300))).hasSize(1);
  }

  @Test
  void whatIsNotedWhileAChannelIsServedIsNotForgotten() {
    heads.note("a", "mastodon", NOW.minusSeconds(9));
    Ready ready = heads.ready(NOW).getFirst();
    heads.note("a", "mastodon", NOW.minusSeconds(1));
    heads.served(ready, Optional.empty());
    assertThat(heads.ready(NOW)).hasSize(1);

    heads.served(heads.ready(NOW).getFirst(), Optional.empty());
    assertThat(heads.ready(NOW)).isEmpty();
  }

  @Test
  void aChannelOfWhichNothingIsArmedWaitsLongerEachTime() {
    heads.note("a", "mastodon", NOW);
    heads.refused("a", NOW);
    Duration first = heads.untilNext(NOW, Duration.ofMinutes(1));
    heads.refused("a", NOW);
    assertThat(heads.untilNext(NOW, Duration.ofMinutes(1))).isEqualTo(first.multipliedBy(2));

    heads.releaseAll();
    assertThat(heads.ready(NOW)).hasSize(1);
  }
}
