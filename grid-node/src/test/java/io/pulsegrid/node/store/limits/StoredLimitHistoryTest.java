package io.pulsegrid.node.store.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.node.limits.LimitScope;
import io.pulsegrid.node.store.TestLedger;
import io.pulsegrid.node.store.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredLimitHistoryTest {
  private static final LimitScope CHANNEL = new LimitScope.OfChannel("c1");
  private static final LimitScope APP = new LimitScope.OfApp("mastodon");
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestStore store = TestStore.fresh();
  private final TestLedger ledger = new TestLedger(store);
  private final StoredLimitHistory history = new StoredLimitHistory(store.jdbc());

  StoredLimitHistoryTest() {
    for (String id : List.of("c1", "c2")) {
      store
          .jdbc()
          .sql(
              """
              INSERT INTO channel (id, workspace, platform, handle, base_url, zone, slots,
                credentials)
              VALUES (?, 'default', 'mastodon', 'h', 'http://h', 'Z', '[]', '')
              """)
          .param(id)
          .update();
    }
  }

  @Test
  void callsThatMayHaveReachedThePlatformCount() {
    String delivery = ledger.delivery("c1", "PUBLISHED");
    ledger.attempt(delivery, "transient", Duration.ofMinutes(9));
    ledger.attempt(delivery, "throttled", Duration.ofMinutes(8));
    ledger.attempt(delivery, "uncalled", Duration.ofMinutes(7));
    ledger.attempt(delivery, "probed", Duration.ofMinutes(6));
    ledger.attempt(delivery, "rejected", Duration.ofMinutes(5));
    ledger.attempt(delivery, "accepted", Duration.ofMinutes(4));
    ledger.attempt(delivery, "accepted", Duration.ofMinutes(90));

    assertThat(history.ends(CHANNEL, "publish", HOUR)).hasSize(2);
    assertThat(history.ends(CHANNEL, "publish", HOUR.multipliedBy(2))).hasSize(3);
    assertThat(history.ends(new LimitScope.OfChannel("c2"), "publish", HOUR)).isEmpty();
    assertThat(history.ends(APP, "publish", HOUR)).hasSize(2);
  }

  @Test
  void aCallWhoseEndNobodySawCountsALittleLonger() {
    String delivery = ledger.delivery("c1", "UNCONFIRMED");
    ledger.attempt(delivery, "ambiguous", Duration.ofMinutes(5));

    assertThat(history.ends(CHANNEL, "publish", HOUR).getFirst())
        .isCloseTo(now().minus(Duration.ofMinutes(4)), within(5, ChronoUnit.SECONDS));
  }

  @Test
  void anArmedDeliveryCountsUntilItsLeaseEnds() {
    ledger.delivery("c1", "ARMED");
    ledger.delivery("c1", "SCHEDULED");

    assertThat(history.ends(CHANNEL, "publish", HOUR)).hasSize(1);
    assertThat(history.ends(APP, "publish", HOUR).getFirst())
        .isCloseTo(now().plusSeconds(60), within(5, ChronoUnit.SECONDS));
  }

  @Test
  void actionsTakenOutsideCountForTheirActionAlone() {
    history.keep("one", "c1", "like", now());
    history.keep("two", "c2", "publish", now());

    assertThat(history.ends(CHANNEL, "like", HOUR)).hasSize(1);
    assertThat(history.ends(CHANNEL, "publish", HOUR)).isEmpty();
    // They were not done by the app.
    assertThat(history.ends(APP, "publish", HOUR)).isEmpty();
    assertThat(history.ends(APP, "like", HOUR)).isEmpty();
  }

  @Test
  void theLongerOfTwoBlocksStaysUntilItIsForgottenOrOver() {
    Instant later = now().plusSeconds(100).truncatedTo(ChronoUnit.MILLIS);
    history.keep(CHANNEL, new LimitedScope.Block(later, "429"));
    history.keep(CHANNEL, new LimitedScope.Block(later.minusSeconds(50), "shorter"));
    assertThat(history.block(CHANNEL)).contains(new LimitedScope.Block(later, "429"));
    assertThat(history.block(APP)).isEmpty();

    history.forget(CHANNEL);
    assertThat(history.block(CHANNEL)).isEmpty();

    history.keep(CHANNEL, new LimitedScope.Block(now().minusSeconds(1), "over"));
    assertThat(history.block(CHANNEL)).isEmpty();
  }

  @Test
  void aScopeIsBegunOnceUntilItsChannelIsDeleted() {
    LimitScope deleted = new LimitScope.OfChannel("deleted");
    assertThat(history.begin(CHANNEL)).isEmpty();
    assertThat(history.begin(APP)).isEmpty();
    assertThat(history.begin(deleted)).isEmpty();
    assertThat(history.begin(CHANNEL)).hasValueSatisfying(StoredLimitHistoryTest::isYoung);

    assertThat(history.purge(Duration.ofDays(1))).isEqualTo(1);
    assertThat(history.begin(deleted)).isEmpty();
    store.jdbc().sql("UPDATE limit_scope SET begun_at = now() - interval '1 hour'").update();
    assertThat(history.begin(CHANNEL))
        .hasValueSatisfying(age -> assertThat(age).isBetween(HOUR, HOUR.plusMinutes(1)));
    assertThat(history.begin(APP)).isPresent();
  }

  @Test
  void whatNoWindowReachesIsPurged() {
    history.keep("old", "c1", "like", now().minus(HOUR));
    history.keep("young", "c1", "like", now());
    history.keep(CHANNEL, new LimitedScope.Block(now().minusSeconds(1), "over"));

    assertThat(history.purge(Duration.ofMinutes(30))).isEqualTo(2);
    assertThat(history.ends(CHANNEL, "like", HOUR)).hasSize(1);
  }

  @Test
  void aPlatformIsUsedThroughItsChannels() {
    assertThat(history.uses("mastodon")).isTrue();
    assertThat(history.uses("bluesky")).isFalse();
  }

  private static void isYoung(Duration age) {
    assertThat(age).isBetween(Duration.ZERO, Duration.ofMinutes(1));
  }

  private Instant now() {
    return store.jdbc().sql("SELECT now()").query(OffsetDateTime.class).single().toInstant();
  }
}
