package io.pulsegrid.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticationCacheTest {
  private static final byte[] HASH = {1, 2, 3};
  private static final Optional<Caller> CALLER =
      Optional.of(new Caller("key-1", WorkspaceId.DEFAULT, Set.of(Scope.READ)));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
  private final AuthenticationCache cache = new AuthenticationCache(clock, asking);
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger questions = new AtomicInteger();

  @AfterEach
  void stop() {
    asking.shutdownNow();
  }

  @Test
  void aCallerKnownLatelyDoesNotWaitForAStoreThatHangs() {
    assertThat(cache.find(HASH, _ -> CALLER)).isEqualTo(CALLER);

    clock.advance(AuthenticationCache.FRESH);
    for (int i = 0; i < 3; i++) {
      assertThat(cache.find(HASH, hanging(Optional.empty()))).isEqualTo(CALLER);
    }

    assertThat(questions).as("all wait for one answer").hasValue(1);
  }

  @Test
  void aKeyThatEndedIsRefusedAsSoonAsTheStoreSaysSo() {
    assertThat(cache.find(HASH, _ -> CALLER)).isEqualTo(CALLER);
    clock.advance(AuthenticationCache.FRESH);
    assertThat(cache.find(HASH, hanging(Optional.empty()))).isEqualTo(CALLER);

    answers.countDown();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(cache.find(HASH, _ -> Optional.empty())).isEmpty());
  }

  @Test
  void aStrangerWaitsForTheStore() {
    answers.countDown();
    assertThat(cache.find(HASH, hanging(CALLER))).isEqualTo(CALLER);
    assertThat(cache.find(new byte[] {4}, hanging(Optional.empty()))).isEmpty();
  }

  @Test
  void nobodyIsKnownForLongerThanTwoMinutesWithoutTheStore() {
    Function<byte[], Optional<Caller>> away =
        _ -> {
          throw PulsegridException.unavailable("the store is away", Duration.ofSeconds(1));
        };
    assertThat(cache.find(HASH, _ -> CALLER)).isEqualTo(CALLER);

    clock.advance(AuthenticationCache.KEPT.minusMillis(1));
    assertThat(cache.find(HASH, away)).isEqualTo(CALLER);
    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> cache.find(HASH, away)).isInstanceOf(PulsegridException.class);
  }

  @Test
  void nobodyWaitsForANodeThatStops() {
    asking.shutdownNow();

    assertThatThrownBy(() -> cache.find(HASH, _ -> CALLER))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("stops");
  }

  private Function<byte[], Optional<Caller>> hanging(Optional<Caller> answer) {
    return _ -> {
      questions.incrementAndGet();
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return answer;
    };
  }
}
