package io.pulsegrid.node.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.node.limits.Permits.Ended;
import io.pulsegrid.node.limits.Permits.Permit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UntoldTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(5);

  private final Untold untold = new Untold();
  private long number;

  @Test
  void goesWithTheNextQuestionOnItsChannel() {
    Ended first = ended("a", false, null);
    Ended other = ended("b", false, null);
    Ended second = ended("a", false, null);
    untold.add(List.of(first, other, second), NOW);

    assertThat(untold.take(List.of("a", "c"), NOW)).containsExactly(first, second);
    assertThat(untold.take(List.of("a"), NOW)).isEmpty();
    assertThat(untold.takeAll()).containsExactly(other);
  }

  @Test
  void doesNotWaitLongForAQuestion() {
    Ended early = ended("a", false, null);
    Ended late = ended("b", false, null);
    untold.add(List.of(early), NOW);
    untold.add(List.of(late), NOW.plusMillis(600));

    assertThat(untold.untilNext(NOW.plusMillis(600), LONG)).isEqualTo(Duration.ofMillis(400));
    assertThat(untold.take(List.of(), NOW.plusMillis(999))).isEmpty();
    assertThat(untold.take(List.of(), NOW.plusSeconds(1))).containsExactly(early);
    assertThat(untold.untilNext(NOW.plusSeconds(1), LONG)).isEqualTo(Duration.ofMillis(600));
    assertThat(untold.takeAll()).containsExactly(late);
    assertThat(untold.untilNext(NOW.plusSeconds(1), LONG)).isEqualTo(LONG);
  }

  @Test
  void doesNotKeepFromOthersWhatConcernsTheApp() {
    Ended shared = ended("a", true, null);
    Ended told = ended("b", false, new Allowance(10, 3, NOW.plusSeconds(60)).shared());
    Ended own = ended("c", false, new Allowance(10, 3, NOW.plusSeconds(60)));
    untold.add(List.of(shared, told, own), NOW);

    assertThat(untold.take(List.of(), NOW)).containsExactly(shared, told);
  }

  private Ended ended(String channel, boolean shared, @Nullable Allowance allowance) {
    return new Ended(
        new Permit(channel, "mastodon", number++, shared), Permits.Use.COUNTED, NOW, allowance);
  }
}
