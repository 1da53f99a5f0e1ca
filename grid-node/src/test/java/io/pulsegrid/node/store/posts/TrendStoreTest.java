package io.pulsegrid.node.store.posts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.grid.wire.TrendWire;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.posts.TrendStore.Office;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TrendStoreTest {
  private static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String MODEL = "model";

  private final TrendStore store = new TrendStore(TestPostgres.fresh());

  @Test
  void aWriterThatWasSucceededSavesNothing() throws SQLException {
    Office first = store.nextOffice(10);
    store.claim(WORKSPACE, first, MODEL, 0);
    store.save(WORKSPACE, first, 5, List.of(trend("a", 1)));
    // Within the same epoch: the office may move while no node comes or goes.
    Office second = store.nextOffice(10);
    assertThat(store.claim(WORKSPACE, second, MODEL, 0).lastSequence()).isEqualTo(5);

    assertThatThrownBy(() -> store.save(WORKSPACE, first, 9, List.of(trend("a", 2))))
        .isInstanceOf(TrendStore.Succeeded.class);
    assertThat(store.find(WORKSPACE, id("a"))).get().extracting(Trend::postCount).isEqualTo(1L);
    store.save(WORKSPACE, second, 7, List.of(trend("a", 3)));
    assertThat(store.claim(WORKSPACE, second, MODEL, 0).lastSequence()).isEqualTo(7);
    assertThat(store.find(WORKSPACE, id("a"))).get().extracting(Trend::postCount).isEqualTo(3L);
  }

  @Test
  void anOfficeIsNotClaimedFromALaterOne() throws SQLException {
    Office early = store.nextOffice(10);
    store.claim(WORKSPACE, store.nextOffice(11), MODEL, 0);
    assertThatThrownBy(() -> store.claim(WORKSPACE, early, MODEL, 0))
        .isInstanceOf(TrendStore.Succeeded.class);
    // A node that was cut off asks anew, but sees a grid of before.
    Office behind = store.nextOffice(10);
    assertThatThrownBy(() -> store.claim(WORKSPACE, behind, MODEL, 0))
        .isInstanceOf(TrendStore.Succeeded.class);
    assertThat(store.claim(WORKSPACE, store.nextOffice(12), MODEL, 0).lastSequence()).isZero();
  }

  @Test
  void aNewWorkspaceBeginsWhereItsOfficeStands() throws SQLException {
    Office office = store.nextOffice(10);
    assertThat(store.claim(WORKSPACE, office, MODEL, 7).lastSequence()).isEqualTo(7);
    // As an office that ends before its first checkpoint leaves it.
    assertThat(store.claim(WORKSPACE, store.nextOffice(10), MODEL, 3).lastSequence()).isEqualTo(7);
  }

  @Test
  void anAliasLeadsToTheTrendThatLivesHoweverOftenItWasMergedOn() throws SQLException {
    Office office = store.nextOffice(1);
    store.claim(WORKSPACE, office, MODEL, 0);
    store.save(WORKSPACE, office, 1, List.of(trend("a", 1), trend("b", 1), trend("c", 1)));
    store.save(WORKSPACE, office, 2, List.of(trend("b", 2, "a")));
    store.save(WORKSPACE, office, 3, List.of(trend("c", 3, "b")));

    for (String name : List.of("a", "b", "c")) {
      assertThat(store.find(WORKSPACE, id(name))).get().extracting(Trend::id).isEqualTo(id("c"));
      assertThat(store.everyIdOf(List.of(id(name))))
          .containsExactlyInAnyOrder(id("a"), id("b"), id("c"));
    }
    // What bears an id again that was an alias is found by it.
    store.save(WORKSPACE, office, 4, List.of(trend("a", 9, "c")));
    assertThat(store.find(WORKSPACE, id("a"))).get().extracting(Trend::postCount).isEqualTo(9L);
    assertThat(store.find(WORKSPACE, id("b"))).get().extracting(Trend::id).isEqualTo(id("a"));
  }

  @Test
  void keepsWhatAStateRestsOn() throws SQLException {
    Office office = store.nextOffice(1);
    store.claim(WORKSPACE, office, MODEL, 0);
    Trend plain = trend("evident", 3).trend();
    Evidence evidence = new Evidence(NOON, List.of(1L, 0L, 2L), 4, 1.5, .25);
    Trend evident =
        new Trend(
            plain.id(),
            plain.workspace(),
            plain.wording(),
            plain.state(),
            plain.score(),
            plain.postCount(),
            plain.platforms(),
            plain.firstSeen(),
            plain.lastSeen(),
            plain.history(),
            evidence);
    store.save(
        WORKSPACE,
        office,
        1,
        List.of(new SavedTrend(evident, new byte[] {1}, List.of()), trend("plain", 1)));

    assertThat(store.find(WORKSPACE, id("evident"))).contains(evident);
    assertThat(store.find(WORKSPACE, id("plain"))).get().extracting(Trend::evidence).isNull();
    assertThat(TrendWire.of(evident).trend()).isEqualTo(evident);
  }

  @Test
  void keepsTimesInTheHourThatTheClocksRepeat() throws SQLException {
    Instant twice = Instant.parse("2026-10-25T00:30:00Z");
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Paris"));
    try {
      DataSource database = TestPostgres.fresh();
      JdbcClient jdbc = JdbcClient.create(database);
      int _ =
          jdbc.sql(
                  """
                  INSERT INTO webhook (id, workspace, url, events, secret, since)
                  VALUES ('hook', ?, 'http://localhost/', '{trend}', '', 0)
                  """)
              .param(WORKSPACE.value())
              .update();
      TrendStore inParis = new TrendStore(database);
      Office office = inParis.nextOffice(1);
      inParis.claim(WORKSPACE, office, MODEL, 0);
      SavedTrend saved = turnedAt(twice);
      inParis.save(WORKSPACE, office, 1, List.of(saved));
      inParis.save(WORKSPACE, office, 2, List.of(saved));

      assertThat(inParis.find(WORKSPACE, id("clock"))).contains(saved.trend());
      assertThat(
              jdbc.sql("SELECT DISTINCT event_at = ?::timestamptz FROM trend_snapshot")
                  .param(twice.toString())
                  .query(Boolean.class)
                  .list())
          .containsExactly(true);
      // A turn that is stored an hour off would be told at each checkpoint.
      assertThat(jdbc.sql("SELECT count(*) FROM outbox").query(Long.class).single()).isEqualTo(1);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static SavedTrend turnedAt(Instant time) {
    return new SavedTrend(
        new Trend(
            id("clock"),
            WORKSPACE,
            new Trend.Wording("label", List.of("word"), "summary"),
            TrendState.EMERGING,
            1,
            2,
            Map.of("test", 2L),
            time,
            time,
            List.of(new Trend.Moment.Entered(TrendState.EMERGING, time))),
        new byte[] {1},
        List.of());
  }

  private static SavedTrend trend(String name, long posts, String... merged) {
    return new SavedTrend(
        new Trend(
            id(name),
            WORKSPACE,
            new Trend.Wording("label", List.of("word"), "summary"),
            TrendState.EMERGING,
            1,
            posts,
            Map.of("test", posts),
            NOON,
            NOON,
            List.of()),
        new byte[] {1},
        List.of(merged).stream().map(TrendStoreTest::id).toList());
  }

  private static TrendId id(String name) {
    return TrendId.begunBy(PostId.of(WORKSPACE, "test", name));
  }
}
