package io.pulsegrid.node.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.connectors.llm.ChatCompletions;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.core.trend.Trends;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.config.SummarySettings;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.StoredPost;
import io.pulsegrid.node.store.posts.SummaryStore;
import io.pulsegrid.node.store.posts.TrendStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** With a real store and a stand-in of a model's endpoint, which is asked over HTTP. */
class TrendSummariesTest {
  private static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String OWN = "Its own sentences.";

  private final DataSource database = TestPostgres.fresh();
  private final TrendStore trends = new TrendStore(database);
  private final SummaryStore store = new SummaryStore(database);
  private final SettableClock clock = new SettableClock(NOON);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer endpoint;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  TrendSummariesTest() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer =
              """
              {"choices":[{"message":{"content":"Summary %d."}}],
               "usage":{"prompt_tokens":100,"completion_tokens":20}}
              """
                  .formatted(asked.size())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    endpoint.start();
  }

  @AfterEach
  void close() {
    endpoint.stop(0);
    http.shutdownNow();
  }

  @Test
  void sumsUpATrendOnceAndAgainWhenItHasDoubled() throws SQLException {
    saved("storm", 5, "Storm hits the coast", "Coast is hit");
    TrendSummaries summaries = summaries(100_000);
    assertThat(summaries.work()).isTrue();
    assertThat(summaries.work()).as("nothing is left").isFalse();
    assertThat(asked).singleElement().asString().contains("Storm hits the coast", "Coast is hit");
    assertThat(shown("storm")).isEqualTo("Summary 1.");

    saved("storm", 9, "Storm hits the coast", "Coast is hit", "Boats are lost");
    assertThat(summaries.work()).isFalse();
    saved("storm", 10, "Storm hits the coast", "Coast is hit", "Boats are lost");
    assertThat(summaries.work()).isTrue();
    assertThat(shown("storm")).isEqualTo("Summary 2.");
    assertThat(counted("pulsegrid.summaries.tokens", "kind", "prompt")).isEqualTo(200);
    // 2 x (100 tokens at 3 a million, 20 at 10 a million)
    assertThat(meters.get("pulsegrid.summaries.cost").counter().count()).isEqualTo(.001);
  }

  @Test
  void aTrendThatWasSplitTellsNoMoreOfWhatHasLeft() throws SQLException {
    saved("storm", 12, "Storm hits the coast", "Snow closes the mountain road");
    TrendSummaries summaries = summaries(100_000);
    summaries.work();
    int _ =
        JdbcClient.create(database)
            .sql("UPDATE post SET trend_id = ? WHERE title LIKE 'Snow%'")
            .param(id("snow").value())
            .update();
    saved("storm", 8, "Storm hits the coast");
    assertThat(shown("storm")).isEqualTo(OWN);
    assertThat(summaries.work()).isTrue();
    assertThat(shown("storm")).isEqualTo("Summary 2.");
    assertThat(asked.getLast()).doesNotContain("Snow");
    assertThat(summaries.work()).as("once").isFalse();
  }

  @Test
  void paysForTheSameMaterialOnce() throws SQLException {
    saved("storm", 5, "Storm hits the coast");
    TrendSummaries summaries = summaries(100_000);
    summaries.work();
    saved("storm", 10, "Storm hits the coast");
    assertThat(summaries.work()).isTrue();
    assertThat(asked).hasSize(1);
    assertThat(counted("pulsegrid.summaries", "result", "cached")).isEqualTo(1);
    assertThat(summaries.work()).as("its size was noted").isFalse();
  }

  @Test
  void leavesATrendThatIsSmallAndOneThatFades() throws SQLException {
    saved("small", 4, "Hardly anything");
    saved("fading", 50, TrendState.FADING, "It was something");
    assertThat(summaries(100_000).work()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void twoNodesNeverAskForTheSameTrend() throws SQLException {
    saved("storm", 5, "Storm hits the coast");
    assertThat(store.claim(5, Duration.ofMinutes(1), 12)).isPresent();
    assertThat(store.claim(5, Duration.ofMinutes(1), 12)).isEmpty();
  }

  @Test
  void aClaimOfANodeThatDiedRunsOut() throws SQLException {
    saved("storm", 5, "Storm hits the coast");
    assertThat(store.claim(5, Duration.ZERO, 12)).isPresent();
    assertThat(summaries(100_000).work()).isTrue();
    assertThat(shown("storm")).isEqualTo("Summary 1.");
  }

  @Test
  void neverGoesOverTheDaysBudget() throws SQLException {
    saved("storm", 9, "Storm hits the coast");
    saved("flood", 8, "River floods the town");
    // One call is reserved with some 230 tokens and takes 120: a second does not fit beside it.
    TrendSummaries summaries = summaries(300);
    assertThat(summaries.work()).isTrue();
    assertThat(summaries.work()).isFalse();
    clock.advance(Duration.ofMinutes(6));
    assertThat(summaries.work()).isFalse();
    assertThat(asked).hasSize(1);
    assertThat(shown("flood")).isEqualTo(OWN);
    assertThat(counted("pulsegrid.summaries", "result", "over-budget")).isEqualTo(2);
  }

  @Test
  void aBrokenEndpointIsLeftAloneForAWhileAndTrendsKeepTheirOwn() throws SQLException {
    saved("storm", 9, "Storm hits the coast");
    saved("flood", 8, "River floods the town");
    status = 500;
    TrendSummaries summaries = summaries(100_000);
    assertThat(summaries.work()).isFalse();
    assertThat(summaries.work()).isFalse();
    assertThat(asked).as("one call, then a pause").hasSize(1);
    assertThat(shown("storm")).isEqualTo(OWN);

    status = 200;
    clock.advance(Duration.ofSeconds(11));
    assertThat(summaries.work()).isTrue();
    // The one that failed rests longer; the other is not held up by it.
    assertThat(shown("flood")).isEqualTo("Summary 2.");
    assertThat(counted("pulsegrid.summaries", "result", "failed")).isEqualTo(1);
  }

  @Test
  void anEndpointThatIsGoneCostsNothing() throws SQLException {
    saved("storm", 9, "Storm hits the coast");
    endpoint.stop(0);
    assertThat(summaries(100_000).work()).isFalse();
    assertThat(counted("pulsegrid.summaries", "result", "failed")).isEqualTo(1);
    assertThat(spent()).containsExactly(0L);
  }

  @Test
  void whatACallTookLessGoesBackToTheDayItWasTakenFrom() {
    SummaryStore.Reserved before = store.reserve(300, 1_000).orElseThrow();
    int _ = JdbcClient.create(database).sql("UPDATE summary_spend SET day = day - 1").update();
    assertThat(store.reserve(200, 1_000)).isPresent();
    store.spent(new SummaryStore.Reserved(before.day().minusDays(1), before.tokens()), 120);
    assertThat(spent()).containsExactly(120L, 200L);
  }

  @Test
  void forgetsWhatIsOld() throws SQLException {
    saved("storm", 5, "Storm hits the coast");
    summaries(100_000).work();
    assertThat(store.forget(Duration.ZERO)).isEqualTo(1);
    assertThat(shown("storm")).isEqualTo(OWN);
  }

  private TrendSummaries summaries(long tokensPerDay) {
    URI address = URI.create("http://127.0.0.1:" + endpoint.getAddress().getPort() + "/v1");
    SummarySettings settings =
        new SummarySettings(
            address,
            "tiny",
            null,
            5,
            50,
            tokensPerDay,
            BigDecimal.valueOf(3),
            BigDecimal.TEN,
            Duration.ofSeconds(20),
            Duration.ofDays(30));
    ChatCompletions writer =
        new ChatCompletions(
            http, new ChatCompletions.Endpoint(address, "tiny", null, settings.timeout()));
    return new TrendSummaries(store, writer, settings, clock, meters);
  }

  private double counted(String name, String tag, String value) {
    return meters.get(name).tag(tag, value).counter().count();
  }

  private List<Long> spent() {
    return JdbcClient.create(database)
        .sql("SELECT tokens FROM summary_spend ORDER BY day")
        .query(Long.class)
        .list();
  }

  /** As the API shows it. */
  private String shown(String name) {
    Trends own =
        new Trends() {
          @Override
          public Optional<Trend> find(WorkspaceId workspace, TrendId id) {
            try {
              return trends.find(workspace, id);
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public io.pulsegrid.core.page.Page<Trend> list(
              WorkspaceId workspace, @Nullable TrendState state, long minPosts, PageRequest page) {
            throw new IllegalStateException("not asked for");
          }
        };
    return new SummarizedTrends(own, store)
        .find(WORKSPACE, id(name))
        .orElseThrow()
        .wording()
        .summary();
  }

  private void saved(String name, long posts, String... titles) throws SQLException {
    saved(name, posts, TrendState.RISING, titles);
  }

  private void saved(String name, long posts, TrendState state, String... titles)
      throws SQLException {
    TrendStore.Office office = trends.nextOffice(1);
    trends.claim(WORKSPACE, office, "model", 0);
    Trend trend =
        new Trend(
            id(name),
            WORKSPACE,
            new Trend.Wording(titles[0], List.of(name), OWN),
            state,
            posts,
            posts,
            Map.of("test", posts),
            NOON,
            NOON,
            List.of());
    trends.save(WORKSPACE, office, 0, List.of(new SavedTrend(trend, new byte[] {1}, List.of())));
    List<StoredPost> rows = new ArrayList<>();
    for (String title : titles) {
      rows.add(
          new StoredPost(
              new Post(
                  PostId.of(WORKSPACE, "test", title),
                  WORKSPACE,
                  new Content("test", title, null, null, title, null, null, null, List.of()),
                  new Engagement(0, 0, 0, 0),
                  NOON,
                  NOON,
                  new Post.Progress(Stage.CLUSTERED, 1, null, null, id(name))),
              null,
              new Revision(1, 1)));
    }
    new PostStore(database).upsert(rows);
  }

  private static TrendId id(String name) {
    return TrendId.begunBy(PostId.of(WORKSPACE, "test", name));
  }
}
