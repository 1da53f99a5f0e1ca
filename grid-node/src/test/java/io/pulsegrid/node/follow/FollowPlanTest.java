package io.pulsegrid.node.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowPlanTest {
  private static final Instant PUBLISHED = Instant.parse("2026-05-12T10:00:00Z");
  private static final Duration FOLLOW = Duration.ofDays(3);

  @Test
  void asksEverMoreSeldomUntilThePostIsOld() {
    List<Duration> steps = new ArrayList<>();
    Instant at = PUBLISHED;
    Optional<Instant> next = FollowPlan.next(PUBLISHED, at, FOLLOW);
    while (next.isPresent()) {
      steps.add(Duration.between(at, next.get()));
      at = next.get();
      next = FollowPlan.next(PUBLISHED, at, FOLLOW);
    }

    assertThat(steps).isSorted().hasSizeBetween(15, 25);
    assertThat(steps.getFirst()).isEqualTo(Duration.ofMinutes(5));
    assertThat(steps.getLast()).isEqualTo(Duration.ofHours(12));
    assertThat(at).isBeforeOrEqualTo(PUBLISHED.plus(FOLLOW));
  }

  @Test
  void doesNotBeginWithAnOldPostNorWhereNothingIsFollowed() {
    Instant old = PUBLISHED.plus(FOLLOW);

    assertThat(FollowPlan.next(PUBLISHED, old, FOLLOW)).isEmpty();
    assertThat(FollowPlan.next(PUBLISHED, PUBLISHED, Duration.ZERO)).isEmpty();
  }

  @Test
  void beginsSoonWithAPostThatSaysItIsFromTheFuture() {
    Instant before = PUBLISHED.minusSeconds(3_600);

    assertThat(FollowPlan.next(PUBLISHED, before, FOLLOW)).contains(before.plusSeconds(300));
  }
}
