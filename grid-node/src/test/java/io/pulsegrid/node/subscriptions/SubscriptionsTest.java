package io.pulsegrid.node.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.store.telling.StoredSubscriptions;
import io.pulsegrid.node.store.telling.SubscriptionQueue;
import io.pulsegrid.node.webhooks.Receiver;
import io.pulsegrid.node.webhooks.WebhookFixture;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String MODEL = "model";
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final TestStore store = TestStore.fresh();
  private final WebhookFixture webhooks = new WebhookFixture(store);
  private final TrendStore trends = new TrendStore(store.source());
  private final SubscriptionQueue queue = new SubscriptionQueue(store.jdbc(), store.transaction());
  private final StoredSubscriptions subscriptions =
      new StoredSubscriptions(
          store.jdbc(),
          store.transaction(),
          webhooks.webhooks(),
          url -> url.getHost().equals("10.0.0.1") ? Optional.of("is private") : Optional.empty(),
          store.ids());
  private final Matcher matcher = new Matcher(new Topics());
  private TrendStore.Office office = new TrendStore.Office(0, 0);
  private long sequence;

  @BeforeEach
  void takeOffice() throws SQLException {
    office = trends.nextOffice(1);
    trends.claim(WORKSPACE, office, MODEL, 0);
  }

  @AfterEach
  void close() {
    webhooks.close();
  }

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
  void tellsAnAddressByAWebhookOfItsOwnAndNobodyElse() throws Exception {
    try (Receiver receiver = new Receiver();
        Receiver listening = new Receiver()) {
      webhooks
          .webhooks()
          .create(WORKSPACE, new Webhook.Spec(listening.at("/all"), Set.of(EventKind.ALERT)), null);
      Subscription.Made made =
          subscriptions.create(
              WORKSPACE,
              new Subscription.Spec(
                  new Wanted(null, null, null, 0), new Target.Address(receiver.at("/mine"))));
      Subscription.Made second =
          subscriptions.create(
              WORKSPACE,
              new Subscription.Spec(
                  new Wanted("quake", null, null, 0), new Target.Address(receiver.at("/mine"))));
      assertThat(second.subscription().webhook()).isEqualTo(made.subscription().webhook());
      assertThat(second.secret()).isNull();
      receiver.answers(_ -> receiver.heard().size() < 3 ? 503 : 204);
      save(trend("Rust in the kernel", TrendState.EMERGING, 2, 2));
      look();
      webhooks.node();

      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receiver.heard().size() == 3);
      String event = alerts().getFirst().id();
      assertThat(receiver.heard()).extracting(Receiver.Heard::id).containsOnly(event);
      Receiver.Heard heard = receiver.heard().getLast();
      assertThat(heard.isSignedWith(String.valueOf(made.secret()))).isTrue();
      assertThat(heard.json().path("data").path("subscription").asString())
          .isEqualTo(made.subscription().id());
      assertThat(listening.heard()).isEmpty();

      String webhook = String.valueOf(made.subscription().webhook());
      assertThatThrownBy(() -> webhooks.webhooks().delete(WORKSPACE, webhook))
          .hasMessageContaining("subscriptions tell webhook");
      subscriptions.delete(WORKSPACE, made.subscription().id());
      assertThat(webhooks.webhooks().find(WORKSPACE, webhook)).isPresent();
      subscriptions.delete(WORKSPACE, second.subscription().id());
      assertThat(webhooks.webhooks().find(WORKSPACE, webhook)).isEmpty();
    }
  }

  @Test
  void tellsWebhooksThatAskOfEachTurnOfATrend() throws Exception {
    save(trend("Quake", TrendState.EMERGING, 1, 1));
    try (Receiver receiver = new Receiver()) {
      Webhook.Made _ =
          webhooks
              .webhooks()
              .create(
                  WORKSPACE,
                  new Webhook.Spec(receiver.at("/trends"), Set.of(EventKind.TREND)),
                  null);
      Trend.Moment begun = new Trend.Moment.Entered(TrendState.EMERGING, NOON);
      save(trend("Quake", TrendState.EMERGING, 2, 2, begun));
      save(trend("Quake", TrendState.EMERGING, 2.5, 3, begun));
      save(
          trend(
              "Quake",
              TrendState.RISING,
              9,
              9,
              begun,
              new Trend.Moment.Entered(TrendState.RISING, NOON.plusSeconds(9))));
      webhooks.node();
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receiver.heard().size() == 2);
      assertThat(receiver.heard())
          .extracting(one -> one.json().path("data").path("state").asString())
          .containsExactly("EMERGING", "RISING");
      assertThat(receiver.heard().getLast().json().path("type").asString()).isEqualTo("trend");
      assertThat(receiver.heard().getLast().json().path("data").path("history").size())
          .isEqualTo(2);
    }
  }

  @Test
  void seesOnlyItsWorkspaceAndTakesNoAddressThatMustNotBeCalled() throws SQLException {
    Subscription ours = subscribe(new Wanted(null, null, null, 0), null);
    WorkspaceId other = WebhookFixture.OTHER;
    Subscription theirs =
        subscriptions
            .create(other, new Subscription.Spec(new Wanted(null, null, null, 0), null))
            .subscription();
    save(trend("Quake", TrendState.EMERGING, 2, 2));
    look();

    assertThat(labels(ours)).containsExactly("Quake");
    assertThat(labels(theirs)).isEmpty();
    assertThat(subscriptions.find(other, ours.id())).isEmpty();
    assertThat(subscriptions.list(other, PageRequest.first()).items()).containsExactly(theirs);
    assertThatThrownBy(() -> subscriptions.delete(other, ours.id()))
        .isInstanceOf(PulsegridException.class);
    for (Target target :
        List.of(
            new Target.Address(URI.create("http://10.0.0.1/")), new Target.OfWebhook("nobody"))) {
      assertThatThrownBy(
              () ->
                  subscriptions.check(
                      WORKSPACE, new Subscription.Spec(new Wanted(null, null, null, 0), target)))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              e -> assertThat(e.errors()).extracting(FieldError::field).containsExactly("target"));
    }
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

  private Subscription subscribe(Wanted wanted, @Nullable Target target) {
    return subscriptions.create(WORKSPACE, new Subscription.Spec(wanted, target)).subscription();
  }

  private void look() {
    int _ = queue.look(10, LEASE, matcher::of);
  }

  private void save(Trend... several) throws SQLException {
    trends.save(
        WORKSPACE,
        office,
        ++sequence,
        List.of(several).stream()
            .map(trend -> new SavedTrend(trend, new byte[] {1}, List.of()))
            .toList());
  }

  private void lookAtOne() {
    int _ = queue.look(1, LEASE, matcher::of);
  }

  private void merge(String gone, Trend survivor) throws SQLException {
    trends.save(
        WORKSPACE,
        office,
        ++sequence,
        List.of(new SavedTrend(survivor, new byte[] {1}, List.of(id(gone)))));
  }

  private void saved(Trend trend) {
    try {
      save(trend);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Alert> alerts() {
    return new StoredAlerts(store.jdbc())
        .list(
            WORKSPACE,
            new Alerts.Filter(Set.of(Alert.Kind.TREND_EMERGED), null, false),
            PageRequest.first())
        .items();
  }

  private List<String> over() {
    return alerts().stream().filter(alert -> alert.overAt() != null).map(Alert::subject).toList();
  }

  private List<String> labels(Subscription subscription) {
    return alerts().stream()
        .filter(alert -> subscription.id().equals(alert.concerns().subscription()))
        .map(Alert::subject)
        .toList();
  }

  private static Trend trend(
      String label, TrendState state, double score, long posts, Trend.Moment... history) {
    return trend(label, state, score, Map.of("hackernews", posts), history);
  }

  private static Trend trend(
      String label,
      TrendState state,
      double score,
      Map<String, Long> platforms,
      Trend.Moment... history) {
    long posts = platforms.values().stream().mapToLong(Long::longValue).sum();
    return new Trend(
        id(label),
        WORKSPACE,
        new Trend.Wording(label, List.of("word"), label + "."),
        state,
        score,
        posts,
        platforms,
        NOON,
        NOON.plusSeconds(posts),
        List.of(history));
  }

  private static TrendId id(String label) {
    return TrendId.begunBy(PostId.of(WORKSPACE, "test", label));
  }

  /** Knows one topic: whatever trembles. */
  static final class Topics implements Embedder {
    @Override
    public String model() {
      return MODEL;
    }

    @Override
    public int dimensions() {
      return 2;
    }

    @Override
    public List<float[]> embed(List<String> texts) {
      List<float[]> vectors = new ArrayList<>();
      for (String text : texts) {
        String low = text.toLowerCase(Locale.ROOT);
        boolean trembles = low.contains("quake") || low.contains("trembles");
        vectors.add(trembles ? new float[] {1, 0} : new float[] {0, 1});
      }
      return vectors;
    }

    @Override
    public void close() {}
  }
}
