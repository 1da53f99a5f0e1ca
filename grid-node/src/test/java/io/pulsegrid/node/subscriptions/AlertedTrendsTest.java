package io.pulsegrid.node.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.telling.StoredAlerts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which trends are told of, how often, and when that is over. */
class AlertedTrendsTest extends EmergingTrends {
  @Test
  void tellsOfATrendOnceHoweverOftenItIsFoundAndWhoeverWritesIt() throws SQLException {
    subscribe(new Wanted("rust", null, null, 0), null);
    save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
    look();
    save(trend("Rust in the kernel", TrendState.RISING, 9, 9));
    look();
    // The writer dies; its successor begins from the checkpoint and finds the same again.
    takeOffice();
    save(trend("Rust in the kernel", TrendState.RISING, 12, 12));
    look();

    List<Alert> told = alerts();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().kind()).isEqualTo(Alert.Kind.TREND_EMERGED);
    assertThat(told.getFirst().concerns().trend()).isEqualTo(id("Rust in the kernel").value());
    assertThat(told.getFirst().sentence())
        .isEqualTo(
            "a trend emerges: Rust in the kernel: EMERGING, 2 posts on hackernews, score 2.0");
    assertThat(store.jdbc().sql("SELECT event FROM subscription_told").query(String.class).list())
        .containsExactly(told.getFirst().id());
    assertThat(store.jdbc().sql("SELECT id FROM outbox").query(String.class).list())
        .containsExactly(told.getFirst().id());
  }

  @Test
  void forgetsNothingWhenWhoeverLooksDies() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
    assertThatThrownBy(
            () ->
                queue.look(
                    10,
                    Duration.ZERO,
                    (_, _) -> {
                      throw new IllegalStateException("dies");
                    }))
        .hasMessage("dies");
    assertThat(alerts()).isEmpty();
    look();
    assertThat(alerts()).hasSize(1);
  }

  @Test
  void twoWhoLookAtOnceTellOnce() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
    // Slower than its lease: another one looks meanwhile.
    queue.look(
        10,
        Duration.ZERO,
        (asked, found) -> {
          look();
          return matcher.of(asked, found);
        });
    assertThat(alerts()).hasSize(1);
    assertThat(queue.look(10, LEASE, matcher::of)).isZero();
  }

  @Test
  void aTrendThatRisesWhileItIsLookedAtIsLookedAtAgain() throws SQLException {
    subscribe(new Wanted(null, null, null, 5), null);
    subscribe(new Wanted(null, null, null, 1), null);
    save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
    queue.look(
        10,
        LEASE,
        (asked, found) -> {
          saved(trend("Rust in the kernel", TrendState.RISING, 8, 8));
          return matcher.of(asked, found);
        });
    assertThat(alerts()).hasSize(1);
    look();
    assertThat(alerts()).hasSize(2);
  }

  @Test
  void aTrendThatComesToOthersWhileItWaitsIsComparedAsItIsAndByItsHighestScore()
      throws SQLException {
    subscribe(new Wanted(null, null, "mastodon", 0), null);
    subscribe(new Wanted(null, null, null, 10), null);
    save(trend("Rust in the kernel", TrendState.EMERGING, 10, 2));
    save(
        trend(
            "Rust in the kernel",
            TrendState.EMERGING,
            9.9,
            Map.of("hackernews", 2L, "mastodon", 1L)));
    look();
    assertThat(alerts())
        .hasSize(2)
        .extracting(Alert::sentence)
        .allMatch(told -> told.endsWith("3 posts on hackernews and mastodon, score 10.0"));
  }

  @Test
  void theAlertOfATrendThatFadedWhileItWaitedIsOverAtOnce() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2), trend("Flood", TrendState.EMERGING, 2, 2));
    save(trend("Quake", TrendState.FADING, 0, 2));
    look();
    assertThat(alerts()).hasSize(2);
    assertThat(over()).containsExactly("Quake");
  }

  @Test
  void whoComesBackIsToldWhatItMissedHoweverLongItWasAway() throws SQLException {
    Subscription asking = subscribe(new Wanted(null, null, null, 0), null);
    Subscription other = subscribe(new Wanted("flood", null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2));
    look();
    String seen = alerts().getFirst().id();
    int _ = store.jdbc().sql("UPDATE alert SET at = at - interval '1 day'").update();
    save(trend("Flood", TrendState.EMERGING, 2, 2));
    look();

    assertThat(missed(asking, seen)).extracting(Alert::subject).containsExactly("Flood");
    assertThat(missed(asking, "forgotten"))
        .extracting(Alert::subject)
        .containsExactly("Quake", "Flood");
    // Those of one moment may have been seen in the other order.
    String last = missed(other, seen).getFirst().id();
    save(trend("Storm", TrendState.EMERGING, 2, 2));
    look();
    assertThat(missed(asking, last)).extracting(Alert::subject).containsExactly("Flood", "Storm");
    assertThat(
            new StoredAlerts(store.jdbc())
                .after(new WorkspaceId("others"), asking.id(), seen, PageRequest.first())
                .items())
        .isEmpty();
  }

  /** Read in pages of one. */
  private List<Alert> missed(Subscription subscription, String seen) {
    List<Alert> all = new ArrayList<>();
    String cursor = null;
    do {
      Page<Alert> page =
          new StoredAlerts(store.jdbc())
              .after(WORKSPACE, subscription.id(), seen, new PageRequest(1, cursor));
      all.addAll(page.items());
      cursor = page.next();
    } while (cursor != null);
    return all;
  }

  @Test
  void tellsOnlyWhatIsAskedFor() throws SQLException {
    Subscription byWord = subscribe(new Wanted("Kernels RUST", null, null, 0), null);
    Subscription byMeaning = subscribe(new Wanted(null, "earth trembles", null, 0), null);
    Subscription byPlatform = subscribe(new Wanted(null, null, "feed", 0), null);
    Subscription byScore = subscribe(new Wanted(null, null, null, 6), null);
    Subscription byAll = subscribe(new Wanted("quake", "earth trembles", "feed", 6), null);
    save(
        trend("Rust in the kernel", TrendState.EMERGING, 2, 2),
        trend("Quake in the north", TrendState.RISING, 7, 7),
        trend("A single post", TrendState.EMERGING, 9, 1),
        trend("Long over", TrendState.FADING, 9, 9));
    look();

    assertThat(labels(byWord)).containsExactly("Rust in the kernel");
    assertThat(labels(byMeaning)).containsExactly("Quake in the north");
    assertThat(labels(byPlatform)).isEmpty();
    assertThat(labels(byScore)).containsExactlyInAnyOrder("Quake in the north");
    assertThat(labels(byAll)).isEmpty();
  }

  @Test
  void aTrendThatRoseAndFellBetweenTwoCheckpointsIsToldAllTheSame() throws SQLException {
    Trend.Moment begun = new Trend.Moment.Entered(TrendState.FADING, NOON);
    Trend.Moment burst = new Trend.Moment.Entered(TrendState.EMERGING, NOON.plusSeconds(20));
    Trend.Moment fell = new Trend.Moment.Entered(TrendState.FADING, NOON.plusSeconds(60));
    save(
        trend("Old news", TrendState.FADING, 0, 5, begun, burst, fell),
        trend("Quake in the north", TrendState.FADING, 0, 1, begun),
        trend("A second word", TrendState.FADING, 0, 1, begun));
    subscribe(new Wanted(null, null, null, 0), null);
    save(
        trend("Old news", TrendState.FADING, 0, 6, begun, burst, fell),
        trend("Quake in the north", TrendState.FADING, 0, 9, begun, burst, fell),
        trend("A second word", TrendState.FADING, 0, 2, begun));
    look();
    assertThat(alerts()).extracting(Alert::subject).containsExactly("Quake in the north");
  }

  @Test
  void whatWasMergedIsNotToldUnderItsNewName() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2));
    look();
    merge("Quake", trend("Quake in the north", TrendState.RISING, 9, 9));
    look();
    assertThat(alerts()).extracting(Alert::subject).containsExactly("Quake");
  }

  @Test
  void trendsThatMergedBeforeBothWereLookedAtAreToldOnce() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2), trend("Tremor", TrendState.EMERGING, 3, 3));
    merge("Quake", trend("Tremor", TrendState.RISING, 9, 9));
    look();
    assertThat(alerts()).extracting(Alert::subject).containsExactly("Tremor");

    // One is looked at before the other, which was queued under the name that it then loses.
    save(trend("Flood", TrendState.EMERGING, 2, 2));
    save(trend("High water", TrendState.EMERGING, 3, 3));
    lookAtOne();
    merge("High water", trend("Flood", TrendState.RISING, 9, 9));
    look();
    assertThat(alerts()).extracting(Alert::subject).containsExactlyInAnyOrder("Tremor", "Flood");
  }

  @Test
  void anAlertIsOverWhenItsTrendFadesOrNobodyAsksAnyMore() throws SQLException {
    Subscription asking = subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2), trend("Flood", TrendState.EMERGING, 2, 2));
    look();
    assertThat(alerts()).extracting(Alert::overAt).containsOnlyNulls();
    save(trend("Quake", TrendState.FADING, 0, 2));
    assertThat(alerts())
        .filteredOn(alert -> alert.overAt() != null)
        .extracting(Alert::subject)
        .containsExactly("Quake");
    subscriptions.delete(WORKSPACE, asking.id());
    assertThat(alerts()).hasSize(2).extracting(Alert::overAt).doesNotContainNull();
  }

  @Test
  void anAlertOfATrendThatWasMergedIsOverWhenTheOtherFadesOrIsForgotten() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2), trend("Flood", TrendState.EMERGING, 2, 2));
    save(trend("Storm", TrendState.EMERGING, 2, 2), trend("Fire", TrendState.EMERGING, 2, 2));
    look();
    merge("Quake", trend("Tremor", TrendState.RISING, 9, 9));
    save(trend("Tremor", TrendState.FADING, 0, 9));
    assertThat(over()).containsExactly("Quake");
    // It may have faded by the time that it takes the other in.
    merge("Flood", trend("High water", TrendState.FADING, 0, 9));
    assertThat(over()).containsExactlyInAnyOrder("Quake", "Flood");

    merge("Storm", trend("Gale", TrendState.RISING, 9, 9));
    assertThat(over()).hasSize(2);
    store.jdbc().sql("UPDATE trend SET touched_at = '2020-01-01'").update();
    assertThat(trends.forget(Instant.parse("2021-01-01T00:00:00Z"), 10)).hasSize(4);
    assertThat(over()).containsExactlyInAnyOrder("Quake", "Flood", "Storm", "Fire");
  }

  @Test
  void forgetsWhatItToldOfTrendsThatAreGone() throws SQLException {
    subscribe(new Wanted(null, null, null, 0), null);
    save(trend("Quake", TrendState.EMERGING, 2, 2), trend("Flood", TrendState.EMERGING, 2, 2));
    look();
    store.jdbc().sql("UPDATE subscription_told SET at = at - interval '2 days'").update();
    store.jdbc().sql("DELETE FROM trend WHERE label = 'Quake'").update();
    assertThat(subscriptions.forget(10)).isEqualTo(1);
    assertThat(store.jdbc().sql("SELECT trend FROM subscription_told").query(String.class).list())
        .containsExactly(id("Flood").value());
  }
}
