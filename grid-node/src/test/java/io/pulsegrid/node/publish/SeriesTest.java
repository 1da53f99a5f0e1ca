package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Occurrence;
import io.pulsegrid.core.publish.Series;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

class SeriesTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  // A Tuesday, noon in Paris.
  private static final Instant START = Instant.parse("2030-01-01T11:00:00Z");

  private final LedgerFixture fixture = new LedgerFixture();
  private final SettableClock clock = new SettableClock(START);
  private final LedgerPublishing publishing = node("node-a");
  private final LedgerSeries series = publishing.series();

  private LedgerPublishing node(String name) {
    return new LedgerPublishing(
        fixture.ledger,
        new DraftCheck(Map.of("mastodon", new LedgerFixture.ShortTexts())),
        new Decisions(fixture.rules, clock, fixture.ids, name),
        fixture.woken);
  }

  private static Series.Plan plan(String text, String rule, When first, String... channels) {
    return new Series.Plan(draft(text, first, channels), rule);
  }

  private static When.Local nine(ZoneId zone) {
    return new When.Local(LocalDateTime.parse("2030-01-01T09:00"), zone);
  }

  private Series daily(String channel) {
    return series.begin(WORKSPACE, plan("hi", "FREQ=DAILY", nine(PARIS), channel)).series();
  }

  private List<Instant> waiting(String id) {
    return fixture.jdbc.query(
        """
        SELECT d.due_at FROM delivery d JOIN scheduled_post s ON s.id = d.scheduled_post
        WHERE s.series = ? AND d.state = 'SCHEDULED' ORDER BY d.due_at
        """,
        (row, _) -> row.getObject("due_at", OffsetDateTime.class).toInstant(),
        id);
  }

  private String postAt(String id, String day) {
    return fixture
        .jdbc
        .queryForList(
            "SELECT id FROM scheduled_post WHERE series = ? AND occurrence::date = ?::date",
            String.class,
            id,
            day)
        .getFirst();
  }

  private void liveUntil(Instant end) {
    while (clock.instant().isBefore(end)) {
      clock.advance(Duration.ofDays(3));
      while (series.turn().isZero()) {
        assertThat(clock.instant()).isBefore(end.plus(Duration.ofDays(4)));
      }
    }
  }

  @Test
  void itsPostsAreWrittenTwoWeeksAheadFromTheFirstThatIsStillToCome() {
    Series made = daily(fixture.channel());

    List<Instant> due = waiting(made.id());
    assertThat(due).hasSize(14);
    assertThat(due.getFirst()).isEqualTo(Instant.parse("2030-01-02T08:00:00Z"));
    assertThat(series.find(WORKSPACE, made.id()).orElseThrow().upcoming().getFirst())
        .isEqualTo(LocalDateTime.parse("2030-01-02T09:00"));
    assertThat(series.list(WORKSPACE, new PageRequest(10, null)).items()).containsExactly(made);
    assertThat(
            publishing.find(WORKSPACE, postAt(made.id(), "2030-01-02")).orElseThrow().occurrence())
        .isEqualTo(new Occurrence(made.id(), LocalDateTime.parse("2030-01-02T09:00")));
  }

  /** Recurrence must not drift when clocks change. */
  @Test
  void aYearInTwentyZonesKeepsItsLocalTimes() {
    String channel = fixture.channel();
    Map<String, ZoneId> zones = new HashMap<>();
    for (String name : RecurrenceRulesTest.zones()) {
      ZoneId zone = ZoneId.of(name);
      When.Local first = new When.Local(LocalDateTime.parse("2030-01-05T02:30"), zone);
      zones.put(
          series.begin(WORKSPACE, plan("hi", "FREQ=DAILY", first, channel)).series().id(), zone);
    }

    liveUntil(START.plus(Duration.ofDays(366)));

    zones.forEach(
        (id, zone) -> {
          List<Instant> expected = new ArrayList<>();
          for (int day = 0; day < 366; day++) {
            expected.add(
                LocalDateTime.parse("2030-01-05T02:30").plusDays(day).atZone(zone).toInstant());
          }
          assertThat(waiting(id)).as(zone.getId()).startsWith(expected.toArray(Instant[]::new));
        });
  }

  /** A trigger that fires on two nodes must not do its work twice. */
  @Test
  void twoNodesWriteEachPostOnce() throws Exception {
    Series made = daily(fixture.channel());
    LedgerSeries other = node("node-b").series();
    clock.advance(Duration.ofDays(10));
    List<Future<Duration>> turns = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 12; i++) {
        turns.add(threads.submit(i % 2 == 0 ? series::turn : other::turn));
      }
    }
    for (Future<Duration> turn : turns) {
      assertThat(turn.get()).isPositive();
    }
    List<Instant> due = waiting(made.id());
    assertThat(due).hasSize(24);
    assertThat(new HashSet<>(due)).hasSize(24);
    String post = postAt(made.id(), "2030-01-02");
    assertThatThrownBy(
            () ->
                fixture.jdbc.update(
                    "UPDATE scheduled_post SET occurrence = occurrence + interval '1 day' WHERE id = ?",
                    post))
        .isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void withoutAZoneEachChannelsClockCounts() {
    String tokyo = fixture.channel();
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", tokyo);
    When first = new When.ChannelLocal(LocalDateTime.parse("2030-01-01T09:00"));
    Series made =
        series
            .begin(WORKSPACE, plan("hi", "FREQ=WEEKLY", first, fixture.channel(), tokyo))
            .series();

    assertThat(waiting(made.id()))
        .startsWith(Instant.parse("2030-01-08T00:00:00Z"), Instant.parse("2030-01-08T08:00:00Z"));
  }

  @Test
  void whatBecomesOfOnePostChangesNothingForTheNext() {
    Series made = daily(fixture.channel());
    fixture.jdbc.update(
        "UPDATE delivery SET state = 'FAILED' WHERE scheduled_post = ?",
        postAt(made.id(), "2030-01-02"));

    liveUntil(START.plus(Duration.ofDays(9)));

    assertThat(waiting(made.id())).hasSizeGreaterThan(20).doesNotHaveDuplicates();
  }

  @Test
  void anEditChangesWhatNobodyTouchedAndRevivesNothing() {
    String channel = fixture.channel();
    Series made = daily(channel);
    publishing.cancel(WORKSPACE, postAt(made.id(), "2030-01-03"), OptionalLong.empty());
    String edited = postAt(made.id(), "2030-01-04");
    When noon = new When.Local(LocalDateTime.parse("2030-01-04T12:00"), PARIS);
    publishing.replace(WORKSPACE, edited, draft("by hand", noon, channel), OptionalLong.empty());

    Series.Plan ten =
        plan(
            "anew",
            "FREQ=DAILY",
            new When.Local(LocalDateTime.parse("2030-01-01T09:00"), PARIS),
            channel);
    Series changed = series.replace(WORKSPACE, made.id(), ten, OptionalLong.of(1)).series();

    assertThat(changed.version()).isEqualTo(2);
    List<Instant> due = waiting(made.id());
    assertThat(due).hasSize(13).doesNotHaveDuplicates();
    assertThat(due)
        .contains(Instant.parse("2030-01-02T08:00:00Z"), Instant.parse("2030-01-04T11:00:00Z"))
        .doesNotContain(
            Instant.parse("2030-01-03T08:00:00Z"), Instant.parse("2030-01-04T08:00:00Z"));
    assertThat(publishing.find(WORKSPACE, edited).orElseThrow().draft().text())
        .isEqualTo("by hand");
    assertThat(
            publishing
                .find(WORKSPACE, postAt(made.id(), "2030-01-02"))
                .orElseThrow()
                .draft()
                .text())
        .isEqualTo("anew");
    assertThat(code(() -> series.replace(WORKSPACE, made.id(), ten, OptionalLong.of(1))))
        .isEqualTo(FailureCode.STALE);
  }

  @Test
  void itsEndCancelsWhatWaitsAndWritesNothingMore() {
    Series made = daily(fixture.channel());
    series.end(WORKSPACE, made.id(), OptionalLong.empty());

    liveUntil(START.plus(Duration.ofDays(20)));

    assertThat(waiting(made.id())).isEmpty();
    assertThat(series.find(WORKSPACE, made.id()).orElseThrow().series().ended()).isTrue();
    assertThat(code(() -> series.end(WORKSPACE, made.id(), OptionalLong.empty())))
        .isEqualTo(FailureCode.CONFLICT);
  }

  @Test
  void whatCannotBeScheduledIsToldAndTheRestGoesOn() {
    String channel = fixture.channel();
    Series made = daily(channel);
    fixture.jdbc.update("UPDATE series SET text = ? WHERE id = ?", "x".repeat(21), made.id());
    liveUntil(START.plus(Duration.ofDays(9)));

    assertThat(series.find(WORKSPACE, made.id()).orElseThrow().series().lastError())
        .contains("at most 20 characters");
    assertThat(waiting(made.id())).hasSize(14);
  }

  @Test
  void aPlanAtFaultIsRefusedByItsField() {
    String channel = fixture.channel();
    assertThat(field(plan("hi", "FREQ=NOW", nine(PARIS), channel))).isEqualTo("when.repeat");
    assertThat(field(plan("hi", "FREQ=DAILY;COUNT=1", nine(PARIS), channel)))
        .isEqualTo("when.repeat");
    When floating = new When.ChannelLocal(LocalDateTime.parse("2030-01-01T09:00"));
    assertThat(field(plan("hi", "FREQ=DAILY;UNTIL=20300301T000000Z", floating, channel)))
        .isEqualTo("when.repeat");
    assertThat(field(plan("x".repeat(21), "FREQ=DAILY", nine(PARIS), channel))).isEqualTo("text");
    assertThat(field(plan("hi", "FREQ=DAILY", nine(PARIS), "nowhere"))).isEqualTo("channels[0]");
    assertThat(field(plan("hi", "FREQ=DAILY", new When.Now(), channel))).isEqualTo("when.local");
    assertThat(fixture.jdbc.queryForObject("SELECT count(*) FROM series", Long.class)).isZero();
  }

  /** On 31 March 2030 two o'clock in Paris is three o'clock. */
  @Test
  void aTimeThatClocksLeaveOutIsNotSaidAtAnotherOfItsOwn() {
    String rule = "FREQ=DAILY;BYHOUR=2,3";
    clock.advance(Duration.between(START, Instant.parse("2030-03-28T12:00:00Z")));
    When paris = new When.Local(LocalDateTime.parse("2030-03-01T02:00"), PARIS);
    Series zoned = series.begin(WORKSPACE, plan("hi", rule, paris, fixture.channel())).series();
    String tokyo = fixture.channel();
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", tokyo);
    When each = new When.ChannelLocal(LocalDateTime.parse("2030-03-01T02:00"));
    Series floating =
        series.begin(WORKSPACE, plan("hi", rule, each, fixture.channel(), tokyo)).series();

    assertThat(waiting(zoned.id()))
        .doesNotHaveDuplicates()
        .contains(
            Instant.parse("2030-03-30T01:00:00Z"),
            Instant.parse("2030-03-31T01:00:00Z"),
            Instant.parse("2030-04-01T00:00:00Z"));
    assertThat(waiting(floating.id()))
        .doesNotHaveDuplicates()
        .contains(
            Instant.parse("2030-03-31T01:00:00Z"),
            Instant.parse("2030-03-30T17:00:00Z"),
            Instant.parse("2030-03-30T18:00:00Z"));
  }

  @Test
  void anotherWorkspaceSeesNothingOfIt() {
    fixture.jdbc.update("INSERT INTO workspace (id) VALUES ('other')");
    WorkspaceId other = new WorkspaceId("other");
    Series made = daily(fixture.channel());

    assertThat(series.find(other, made.id())).isEmpty();
    assertThat(series.list(other, new PageRequest(10, null)).items()).isEmpty();
    assertThat(code(() -> series.end(other, made.id(), OptionalLong.empty())))
        .isEqualTo(FailureCode.NOT_FOUND);
  }

  private String field(Series.Plan plan) {
    try {
      series.begin(WORKSPACE, plan);
      throw new AssertionError("nothing was wrong");
    } catch (PulsegridException e) {
      assertThat(e.code()).isEqualTo(FailureCode.INVALID);
      return e.errors().stream().map(FieldError::field).findFirst().orElse("");
    }
  }

  private static FailureCode code(Runnable call) {
    try {
      call.run();
      throw new AssertionError("nothing was wrong");
    } catch (PulsegridException e) {
      return e.code();
    }
  }
}
