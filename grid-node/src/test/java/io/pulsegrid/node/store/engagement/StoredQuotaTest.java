package io.pulsegrid.node.store.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.limits.Told;
import io.pulsegrid.connectors.listen.Quota;
import io.pulsegrid.connectors.listen.Quota.Bucket;
import io.pulsegrid.connectors.listen.Quota.Leave;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.store.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class StoredQuotaTest {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Bucket COLLECTING = new Bucket("reddit", "read", "r.example abc", false);
  private static final Bucket FOLLOWING = new Bucket("reddit", "read", "r.example abc", true);

  private final TestStore store = TestStore.fresh();

  @Test
  void letsNodesTogetherMakeNoMoreCallsThanTheLimit() throws Exception {
    List<Callable<Leave>> calls = new ArrayList<>();
    for (Quota node : List.of(quota(6), quota(6), quota(6))) {
      for (int i = 0; i < 5; i++) {
        calls.add(() -> node.ask(COLLECTING, CALL));
      }
    }
    int granted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var leave : threads.invokeAll(calls)) {
        granted += leave.get() instanceof Leave.Granted ? 1 : 0;
      }
    }

    assertThat(granted).isEqualTo(6);
    // A node that is started anew has forgotten nothing.
    assertThat(quota(6).ask(COLLECTING, CALL)).isInstanceOf(Leave.Held.class);
  }

  @Test
  void countsWhoeverAsksApart() {
    Quota quota = quota(1);

    assertThat(quota.ask(COLLECTING, CALL)).isInstanceOf(Leave.Granted.class);
    assertThat(quota.ask(new Bucket("reddit", "read", "r.example def", false), CALL))
        .isInstanceOf(Leave.Granted.class);
    assertThat(quota.ask(COLLECTING, CALL)).isInstanceOf(Leave.Held.class);
  }

  @Test
  void leavesHalfOfTheLimitToThoseWhoCannotWait() {
    Quota quota = quota(4);

    assertThat(quota.ask(FOLLOWING, CALL)).isInstanceOf(Leave.Granted.class);
    assertThat(quota.ask(FOLLOWING, CALL)).isInstanceOf(Leave.Granted.class);
    assertThat(quota.ask(FOLLOWING, CALL)).isInstanceOf(Leave.Held.class);
    assertThat(quota.ask(COLLECTING, CALL)).isInstanceOf(Leave.Granted.class);
  }

  @Test
  void isHeldBackByWhatThePlatformSaysToBeLeft() {
    Quota quota = quota(100);
    Instant reset = Instant.now().plusSeconds(300);

    ended(quota.ask(COLLECTING, CALL), new Told(new Allowance(100, 0, reset), null, false));

    assertThat(quota.ask(COLLECTING, CALL))
        .isInstanceOfSatisfying(
            Leave.Held.class,
            held -> assertThat(held.until()).isBetween(reset, reset.plusMillis(2)));
  }

  @Test
  void isHeldBackUntilARefusalsReset() {
    Quota quota = quota(100);
    Instant until = Instant.now().plusSeconds(300);

    ended(quota.ask(COLLECTING, CALL), new Told(null, until, false));
    Leave held = quota(100).ask(COLLECTING, CALL);

    assertThat(held).isInstanceOf(Leave.Held.class);
    assertThat(((Leave.Held) held).until()).isBetween(until.minusMillis(1), until.plusMillis(1));
  }

  @Test
  void forgetsOnlyWhatNobodyAsksForAnyMore() {
    StoredQuota quota = quota(1);
    quota.ask(COLLECTING, CALL);

    assertThat(quota.purge(Duration.ofDays(1))).isZero();
    store.jdbc().sql("UPDATE read_quota SET touched_at = now() - interval '2 days'").update();
    assertThat(quota.purge(Duration.ofDays(1))).isEqualTo(1);
  }

  private static void ended(Leave leave, Told told) {
    assertThat(leave).isInstanceOf(Leave.Granted.class);
    ((Leave.Granted) leave).ended().accept(told);
  }

  private StoredQuota quota(int limit) {
    return new StoredQuota(
        store.jdbc(),
        store.transaction(),
        InstantSource.system(),
        _ -> Map.of("read", List.of(new WindowRule(limit, Duration.ofMinutes(1)))));
  }
}
