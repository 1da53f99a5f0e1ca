package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.ledger.Charge;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

class SlotsTest {
  private static final When NEXT = new When.NextSlot();
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private final LedgerFixture fixture = new LedgerFixture();
  private final LedgerPublishing publishing = fixture.publishing;

  private String channel(String slots) {
    String id = fixture.channel();
    slots(id, slots);
    return id;
  }

  private void slots(String channel, String slots) {
    fixture.jdbc.update("UPDATE channel SET slots = ?::jsonb WHERE id = ?", slots, channel);
  }

  private ScheduledPost schedule(String... channels) {
    return publishing.schedule(WORKSPACE, draft("hi", NEXT, channels));
  }

  private static Instant due(ScheduledPost post) {
    return post.deliveries().getFirst().dueAt();
  }

  private Instant storedDue(ScheduledPost post) {
    return publishing.find(WORKSPACE, post.id()).orElseThrow().deliveries().getFirst().dueAt();
  }

  @Test
  void eachChannelSpeaksInItsOwnNextSlot() {
    String mondays = channel("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    String fridays = channel("[{\"day\":\"FRI\",\"time\":\"18:30\"}]");
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", fridays);

    ScheduledPost post = schedule(mondays, fridays);

    assertThat(publishing.find(WORKSPACE, post.id())).contains(post);
    assertThat(post.draft().when()).isEqualTo(NEXT);
    Resolved monday = post.resolvedOn(mondays);
    assertThat(monday.zone()).isEqualTo(PARIS);
    assertThat(monday.local().getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
    assertThat(monday.local().toLocalTime()).isEqualTo(LocalTime.of(9, 0));
    Resolved friday = post.resolvedOn(fridays);
    assertThat(friday.local().getDayOfWeek()).isEqualTo(DayOfWeek.FRIDAY);
    assertThat(friday.instant().atZone(ZoneOffset.UTC).toLocalTime())
        .isEqualTo(LocalTime.of(9, 30));
    assertThat(post.deliveries())
        .extracting(Delivery::dueAt)
        .containsExactly(monday.instant(), friday.instant());
    assertThat(monday.instant()).isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(8)));
  }

  @Test
  void theNextPostTakesTheNextSlotAndACancelledOneFreesIts() {
    String channel = channel("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    ScheduledPost first = schedule(channel);
    ScheduledPost second = schedule(channel);
    assertThat(second.resolved().getFirst().local())
        .isEqualTo(first.resolved().getFirst().local().plusWeeks(1));

    publishing.cancel(WORKSPACE, first.id(), OptionalLong.empty());

    assertThat(due(schedule(channel))).isEqualTo(due(first));
  }

  /** The platform has spoken, whatever became of the slot meanwhile. */
  @Test
  void aLateYesIsKeptThoughTheCancelledPostsSlotIsTaken() {
    String channel = channel("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    ScheduledPost first = schedule(channel);
    Delivery delivery = first.deliveries().getFirst();
    fixture.jdbc.update("UPDATE delivery SET due_at = now() - interval '1 second'");
    Charge armed = fixture.arm(delivery).charge();
    // Its node stood still, its lease ended, and a person looked too early.
    fixture.jdbc.update("UPDATE delivery SET state = 'RETRY', fence = fence + 1");
    publishing.cancelDelivery(WORKSPACE, delivery.id());
    assertThat(due(schedule(channel))).isEqualTo(due(first));

    Outcome late = new Outcome.Accepted("42", null, 200, "created");
    assertThat(
            fixture
                .ledger
                .settlements()
                .settle(List.of(fixture.decisions.called(armed, late, Instant.now()))))
        .hasSize(1);

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(fixture.now(delivery).result().remoteId()).isEqualTo("42");
  }

  @Test
  void aPostAtTheTimeOfASlotTakesIt() {
    String channel = channel("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    ScheduledPost probe = schedule(channel);
    publishing.cancel(WORKSPACE, probe.id(), OptionalLong.empty());
    publishing.schedule(WORKSPACE, draft("by hand", new When.At(due(probe)), channel));

    assertThat(due(schedule(channel))).isAfter(due(probe));
  }

  @Test
  void twoNodesNeverGiveOneSlotTwice() throws Exception {
    String one = channel(everyDay());
    String other = channel(everyDay());
    LedgerPublishing secondNode =
        new LedgerPublishing(
            fixture.ledger,
            new DraftCheck(Map.of("mastodon", new LedgerFixture.ShortTexts())),
            fixture.decisions,
            fixture.woken);
    List<Future<ScheduledPost>> posts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (int i = 0; i < 60; i++) {
        LedgerPublishing node = i % 2 == 0 ? publishing : secondNode;
        String[] order = i % 3 == 0 ? new String[] {one, other} : new String[] {other, one};
        posts.add(threads.submit(() -> node.schedule(WORKSPACE, draft("hi", NEXT, order))));
      }
    }
    for (String channel : List.of(one, other)) {
      List<Instant> slots = new ArrayList<>();
      for (Future<ScheduledPost> post : posts) {
        slots.add(post.get().resolvedOn(channel).instant());
      }
      slots.sort(null);
      assertThat(new HashSet<>(slots)).hasSize(60);
      // None is left out either.
      assertThat(Duration.between(slots.getFirst(), slots.getLast()))
          .isBetween(Duration.ofHours(59 * 24 - 1), Duration.ofHours(59 * 24 + 1));
    }
  }

  @Test
  void theStoreItselfRefusesASecondPostInASlot() {
    String channel = channel(everyDay());
    ScheduledPost first = schedule(channel);
    ScheduledPost second = schedule(channel);

    assertThatThrownBy(
            () ->
                fixture.jdbc.update(
                    "UPDATE delivery SET slot_at = ? WHERE id = ?",
                    due(first).atOffset(ZoneOffset.UTC),
                    second.deliveries().getFirst().id()))
        .isInstanceOf(DuplicateKeyException.class);
  }

  /** Others moved posts that were published already. */
  @Test
  void changingTheSlotsMovesNothingThatIsScheduled() {
    String channel = channel(everyDay());
    ScheduledPost post = schedule(channel);
    slots(channel, "[{\"day\":\"WED\",\"time\":\"12:00\"}]");
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", channel);

    assertThat(storedDue(post)).isEqualTo(due(post));
    // Nor does an edit of its text.
    publishing.replace(WORKSPACE, post.id(), draft("ho", NEXT, channel), OptionalLong.of(1));
    assertThat(storedDue(post)).isEqualTo(due(post));
    assertThat(schedule(channel).resolved().getFirst().local().getDayOfWeek())
        .isEqualTo(DayOfWeek.WEDNESDAY);
  }

  @Test
  void anEditTakesASlotAndGivesItBack() {
    String channel = channel(everyDay());
    When.At later = new When.At(Instant.parse("2031-07-01T08:00:00Z"));
    ScheduledPost post = publishing.schedule(WORKSPACE, draft("hi", later, channel));
    Instant free = due(schedule(channel));
    publishing.replace(WORKSPACE, post.id(), draft("hi", NEXT, channel), OptionalLong.empty());
    Instant taken = storedDue(post);
    assertThat(Duration.between(free, taken)).isLessThan(Duration.ofHours(26)).isPositive();

    publishing.replace(WORKSPACE, post.id(), draft("hi", later, channel), OptionalLong.empty());

    assertThat(storedDue(post)).isEqualTo(later.instant());
    assertThat(due(schedule(channel))).isEqualTo(taken);
  }

  @Test
  void aChannelWithoutSlotsIsNamed() {
    String channel = fixture.channel();
    assertThatThrownBy(() -> schedule(channel))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            e -> {
              assertThat(e.errors()).extracting(FieldError::field).containsExactly("when.slot");
              assertThat(e.errors().getFirst().message()).contains(channel);
            });
  }

  @Test
  void withoutAZoneEachChannelsClockCounts() {
    String paris = fixture.channel();
    String tokyo = fixture.channel();
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", tokyo);
    var local = new When.ChannelLocal(LocalDateTime.parse("2031-07-01T09:00"));

    ScheduledPost post = publishing.schedule(WORKSPACE, draft("hi", local, paris, tokyo));

    assertThat(publishing.find(WORKSPACE, post.id())).contains(post);
    assertThat(post.deliveries())
        .extracting(Delivery::dueAt)
        .containsExactly(
            Instant.parse("2031-07-01T07:00:00Z"), Instant.parse("2031-07-01T00:00:00Z"));
  }

  @Test
  void manyAreWrittenTogetherOrAsFarAsTheyAreRight() {
    String channel = channel(everyDay());
    List<ScheduledPost.Draft> drafts =
        List.of(
            draft("one", NEXT, channel),
            draft("x".repeat(21), NEXT, channel),
            draft("two", NEXT, channel),
            draft("three", NEXT, "nowhere"));

    assertThatThrownBy(() -> publishing.scheduleAll(WORKSPACE, drafts, true))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactly("[1].text", "[3].channels[0]"));
    assertThat(fixture.jdbc.queryForObject("SELECT count(*) FROM scheduled_post", Long.class))
        .isZero();

    List<Publishing.Placed> placed = publishing.scheduleAll(WORKSPACE, drafts, false);

    assertThat(placed)
        .extracting(one -> one instanceof Publishing.Placed.Scheduled)
        .containsExactly(true, false, true, false);
    List<Instant> slots =
        fixture.jdbc.query(
            "SELECT slot_at FROM delivery ORDER BY slot_at",
            (row, _) -> row.getObject(1, OffsetDateTime.class).toInstant());
    assertThat(slots).hasSize(2);
    assertThat(Duration.between(slots.getFirst(), slots.getLast()))
        .isLessThan(Duration.ofHours(26));
  }

  @Test
  void aRefusedPostTakesNoSlot() {
    String channel = channel("[{\"day\":\"MON\",\"time\":\"09:00\"}]");
    List<ScheduledPost.Draft> drafts =
        List.of(
            draft("no slot on the other", NEXT, channel, fixture.channel()),
            draft("sound", NEXT, channel));

    List<Publishing.Placed> placed = publishing.scheduleAll(WORKSPACE, drafts, false);

    assertThat(placed.getFirst()).isInstanceOf(Publishing.Placed.Refused.class);
    Instant due = due(((Publishing.Placed.Scheduled) placed.getLast()).post());
    assertThat(due).isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(7)));
  }

  @Test
  void twoPostsAtTheSameInstantBothWait() {
    String channel = fixture.channel();
    When at = new When.At(Instant.now().minusSeconds(1));
    List<Delivery> due =
        List.of(
            publishing.schedule(WORKSPACE, draft("hi", at, channel)).deliveries().getFirst(),
            publishing.schedule(WORKSPACE, draft("ho", at, channel)).deliveries().getFirst());

    assertThat(fixture.armAll(due, "both")).hasSize(2);
    assertThat(due).allMatch(one -> fixture.state(one) == DeliveryState.ARMED);
  }

  private static String everyDay() {
    List<String> slots = new ArrayList<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      slots.add("{\"day\":\"" + day.name().substring(0, 3) + "\",\"time\":\"09:00\"}");
    }
    return slots.toString();
  }
}
