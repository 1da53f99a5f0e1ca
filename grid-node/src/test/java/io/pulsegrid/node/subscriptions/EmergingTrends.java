package io.pulsegrid.node.subscriptions;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Alerts;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.TrendStore;
import io.pulsegrid.node.store.telling.StoredAlerts;
import io.pulsegrid.node.store.telling.StoredSubscriptions;
import io.pulsegrid.node.store.telling.SubscriptionQueue;
import io.pulsegrid.node.webhooks.WebhookFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Trends that are saved as the clustering writer does, and whoever compares them with
 * subscriptions.
 */
abstract class EmergingTrends {
  static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final String MODEL = "model";
  static final Duration LEASE = Duration.ofMinutes(1);

  final TestStore store = TestStore.fresh();
  final WebhookFixture webhooks = new WebhookFixture(store);
  final TrendStore trends = new TrendStore(store.source());
  final SubscriptionQueue queue = new SubscriptionQueue(store.jdbc(), store.transaction());
  final StoredSubscriptions subscriptions =
      new StoredSubscriptions(
          store.jdbc(),
          store.transaction(),
          webhooks.webhooks(),
          url -> url.getHost().equals("10.0.0.1") ? Optional.of("is private") : Optional.empty(),
          store.ids());
  final Matcher matcher = new Matcher(new Topics());
  TrendStore.Office office = new TrendStore.Office(0, 0);
  long sequence;

  @BeforeEach
  void takeOffice() throws SQLException {
    office = trends.nextOffice(1);
    trends.claim(WORKSPACE, office, MODEL, 0);
  }

  @AfterEach
  void close() {
    webhooks.close();
  }

  Subscription subscribe(Wanted wanted, @Nullable Target target) {
    return subscriptions.create(WORKSPACE, new Subscription.Spec(wanted, target)).subscription();
  }

  void look() {
    int _ = queue.look(10, LEASE, matcher::of);
  }

  void save(Trend... several) throws SQLException {
    trends.save(
        WORKSPACE,
        office,
        ++sequence,
        List.of(several).stream()
            .map(trend -> new SavedTrend(trend, new byte[] {1}, List.of()))
            .toList());
  }

  void lookAtOne() {
    int _ = queue.look(1, LEASE, matcher::of);
  }

  void merge(String gone, Trend survivor) throws SQLException {
    trends.save(
        WORKSPACE,
        office,
        ++sequence,
        List.of(new SavedTrend(survivor, new byte[] {1}, List.of(id(gone)))));
  }

  void saved(Trend trend) {
    try {
      save(trend);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Alert> alerts() {
    return new StoredAlerts(store.jdbc())
        .list(
            WORKSPACE,
            new Alerts.Filter(Set.of(Alert.Kind.TREND_EMERGED), null, false),
            PageRequest.first())
        .items();
  }

  List<String> over() {
    return alerts().stream().filter(alert -> alert.overAt() != null).map(Alert::subject).toList();
  }

  List<String> labels(Subscription subscription) {
    return alerts().stream()
        .filter(alert -> subscription.id().equals(alert.concerns().subscription()))
        .map(Alert::subject)
        .toList();
  }

  static Trend trend(
      String label, TrendState state, double score, long posts, Trend.Moment... history) {
    return trend(label, state, score, Map.of("hackernews", posts), history);
  }

  static Trend trend(
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

  static TrendId id(String label) {
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
