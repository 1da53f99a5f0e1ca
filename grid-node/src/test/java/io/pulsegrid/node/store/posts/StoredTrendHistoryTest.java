package io.pulsegrid.node.store.posts;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import io.pulsegrid.node.store.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredTrendHistoryTest {
  private static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  private static final Instant NOON = Instant.parse("2014-03-01T12:00:00Z");

  private final TestStore store = TestStore.fresh();
  private final TrendStore trends = new TrendStore(store.source());
  private final StoredTrendHistory history = new StoredTrendHistory(store.jdbc());
  private TrendStore.Office office = new TrendStore.Office(0, 0);
  private long sequence;

  @BeforeEach
  void takeOffice() throws SQLException {
    office = trends.nextOffice(1);
    trends.claim(WORKSPACE, office, "model", 0);
  }

  @Test
  void showsEachTrendAsItWasLastSavedBefore() throws SQLException {
    save(trend("flood", TrendState.EMERGING, 2, 2), trend("alone", TrendState.EMERGING, 1, 1));
    Instant early = now();
    save(trend("flood", TrendState.RISING, 9, 12), trend("quake", TrendState.EMERGING, 3, 3));
    Instant late = now();
    save(trend("flood", TrendState.FADING, 0, 20));

    assertThat(at(early)).containsExactly("flood EMERGING 2.0 2");
    assertThat(at(late)).containsExactly("flood RISING 9.0 12", "quake EMERGING 3.0 3");
    assertThat(at(now())).containsExactly("quake EMERGING 3.0 3", "flood FADING 0.0 20");
    assertThat(history.find(WORKSPACE, id("flood"), early))
        .get()
        .extracting(Trend::postCount)
        .isEqualTo(2L);
    assertThat(history.find(WORKSPACE, id("quake"), early)).isEmpty();
    assertThat(history.find(new WorkspaceId("other"), id("flood"), early)).isEmpty();
    // What only came later is not shown: the second turn of the flood.
    assertThat(history.find(WORKSPACE, id("flood"), early).orElseThrow().history()).hasSize(1);
    assertThat(
            history
                .list(WORKSPACE, late, TrendState.RISING, 2, PageRequest.first())
                .trends()
                .items())
        .extracting(Trend::id)
        .containsExactly(id("flood"));
  }

  @Test
  void tellsTheTurnsOfThenWhereTheTrendKeepsThemNoLonger() throws SQLException {
    save(trend("flood", TrendState.EMERGING, 2, 2));
    save(trend("flood", TrendState.RISING, 9, 12));
    Instant then = now();
    save(trend("flood", TrendState.FADING, 0, 20));
    store.jdbc().sql("UPDATE trend SET history = '[]'").update();
    assertThat(history.find(WORKSPACE, id("flood"), then).orElseThrow().history())
        .containsExactly(
            new Trend.Moment.Entered(TrendState.EMERGING, NOON.plusSeconds(2)),
            new Trend.Moment.Entered(TrendState.RISING, NOON.plusSeconds(12)));
  }

  @Test
  void cutsThePastIntoPages() throws SQLException {
    save(
        trend("a", TrendState.RISING, 3, 5),
        trend("b", TrendState.RISING, 3, 4),
        trend("c", TrendState.RISING, 3, 4),
        trend("d", TrendState.RISING, 1, 9));
    Instant then = now();
    List<String> whole = at(then);
    Page<Trend> first = history.list(WORKSPACE, then, null, 2, new PageRequest(2, null)).trends();
    Page<Trend> second =
        history.list(WORKSPACE, then, null, 2, new PageRequest(2, first.next())).trends();
    assertThat(second.next()).isNull();
    assertThat(
            List.of(first, second).stream()
                .flatMap(page -> page.items().stream())
                .map(StoredTrendHistoryTest::told))
        .containsExactlyElementsOf(whole);
  }

  @Test
  void aTrendThatWasMergedStandsByItselfBefore() throws SQLException {
    save(trend("flood", TrendState.RISING, 9, 12), trend("water", TrendState.EMERGING, 2, 3));
    Instant before = now();
    trends.save(
        WORKSPACE,
        office,
        ++sequence,
        List.of(
            new SavedTrend(
                trend("flood", TrendState.RISING, 10, 15), new byte[] {1}, List.of(id("water")))));
    assertThat(at(before)).containsExactly("flood RISING 9.0 12", "water EMERGING 2.0 3");
    assertThat(at(now())).containsExactly("flood RISING 10.0 15");
    assertThat(history.find(WORKSPACE, id("water"), before).orElseThrow().id())
        .isEqualTo(id("water"));
    assertThat(history.find(WORKSPACE, id("water"), now()).orElseThrow().id())
        .isEqualTo(id("flood"));
  }

  @Test
  void aTrendThatAPartHasLeftShowsWhole() throws SQLException {
    save(trend("flood", TrendState.RISING, 9, 12));
    Instant before = now();
    save(trend("flood", TrendState.RISING, 4, 5), trend("quake", TrendState.EMERGING, 5, 7));

    assertThat(at(before, 10)).containsExactly("flood RISING 9.0 12");
    assertThat(at(now(), 10)).isEmpty();
    assertThat(at(now())).containsExactly("quake EMERGING 5.0 7", "flood RISING 4.0 5");
    assertThat(history.find(WORKSPACE, id("quake"), before)).as("it was none yet").isEmpty();
  }

  @Test
  void takesATimeBeforeTheRecordAsOneOfThePosts() throws SQLException {
    assertThat(history.list(WORKSPACE, NOON, null, 2, PageRequest.first()).recordedSince())
        .isNull();
    save(trend("flood", TrendState.EMERGING, 2, 2));
    save(trend("flood", TrendState.RISING, 9, 60));

    var past = history.list(WORKSPACE, NOON.plusSeconds(30), null, 2, PageRequest.first());
    assertThat(past.byPostTime()).isTrue();
    assertThat(past.recordedSince()).isNotNull();
    assertThat(past.trends().items())
        .extracting(StoredTrendHistoryTest::told)
        .containsExactly("flood EMERGING 2.0 2");
    assertThat(at(NOON.plusSeconds(90))).containsExactly("flood RISING 9.0 60");
    assertThat(at(NOON.minusSeconds(1))).isEmpty();
  }

  @Test
  void keepsLessOfWhatIsLongerAgo() throws SQLException {
    for (int post = 2; post < 8; post++) {
      TrendState state = post < 5 ? TrendState.EMERGING : TrendState.RISING;
      save(trend("flood", state, post, post));
    }
    history.thin();
    assertThat(rows()).as("nothing of the last hour").isEqualTo(6);
    // Within one minute, two hours ago.
    store
        .jdbc()
        .sql(
            """
            UPDATE trend_snapshot SET recorded_at = date_trunc('minute', now())
              - interval '2 hours' + post_count * interval '1 second'
            """)
        .update();
    history.thin();
    assertThat(
            store
                .jdbc()
                .sql("SELECT post_count FROM trend_snapshot ORDER BY 1")
                .query(Integer.class)
                .list())
        .as("the last of each state")
        .containsExactly(4, 7);
  }

  @Test
  void forgetsWhatIsOld() throws SQLException {
    save(trend("flood", TrendState.EMERGING, 2, 2));
    store
        .jdbc()
        .sql("UPDATE trend_snapshot SET recorded_at = now() - interval '400 days'")
        .update();
    save(trend("flood", TrendState.RISING, 9, 12));
    assertThat(history.forget(Duration.ofDays(365), 10)).isEqualTo(1);
    assertThat(history.forget(Duration.ofDays(365), 10)).isZero();
    assertThat(at(now())).containsExactly("flood RISING 9.0 12");
  }

  private int rows() {
    return store.jdbc().sql("SELECT count(*) FROM trend_snapshot").query(Integer.class).single();
  }

  private List<String> at(Instant then) {
    return at(then, 2);
  }

  private List<String> at(Instant then, long minPosts) {
    return history
        .list(WORKSPACE, then, null, minPosts, PageRequest.first())
        .trends()
        .items()
        .stream()
        .map(StoredTrendHistoryTest::told)
        .toList();
  }

  /** Later than what was saved, and earlier than what will be. */
  private Instant now() {
    return store
        .jdbc()
        .sql("SELECT clock_timestamp()")
        .query(OffsetDateTime.class)
        .single()
        .toInstant();
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

  private static String told(Trend trend) {
    return trend.wording().label()
        + " "
        + trend.state()
        + " "
        + trend.score()
        + " "
        + trend.postCount();
  }

  private static Trend trend(String label, TrendState state, double score, long posts) {
    Instant last = NOON.plusSeconds(posts);
    return new Trend(
        id(label),
        WORKSPACE,
        new Trend.Wording(label, List.of("word"), "summary"),
        state,
        score,
        posts,
        Map.of("test", posts),
        NOON,
        last,
        state == TrendState.EMERGING
            ? List.of(new Trend.Moment.Entered(TrendState.EMERGING, NOON))
            : List.of(
                new Trend.Moment.Entered(TrendState.EMERGING, NOON),
                new Trend.Moment.Entered(state, last)));
  }

  private static TrendId id(String label) {
    return TrendId.begunBy(PostId.of(WORKSPACE, "test", label));
  }
}
