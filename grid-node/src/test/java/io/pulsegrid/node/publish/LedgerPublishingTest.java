package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerPublishingTest {
  private final When tomorrow =
      new When.At(Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));

  private final LedgerFixture fixture = new LedgerFixture();
  private final LedgerPublishing publishing = fixture.publishing;

  @Test
  void whatWasScheduledIsFoundAgainWordForWord() {
    String one = fixture.channel();
    String other = fixture.channel();
    var wish =
        new ScheduledPost.Draft(
            "hello",
            List.of(other, one),
            new When.Local(LocalDateTime.parse("2031-03-30T02:30"), ZoneId.of("Europe/Paris")),
            Map.of("mastodon", "salut"),
            7,
            Duration.ofHours(2));

    ScheduledPost post = publishing.schedule(WORKSPACE, wish);

    assertThat(publishing.find(WORKSPACE, post.id())).contains(post);
    assertThat(post.draft()).isEqualTo(wish);
    assertThat(post.resolved().getFirst().adjustment()).isEqualTo(Resolved.Adjustment.GAP);
    assertThat(post.resolved().getFirst().instant())
        .isEqualTo(Instant.parse("2031-03-30T01:30:00Z"));
    assertThat(post.deliveries()).extracting(Delivery::channel).containsExactly(other, one);
    assertThat(fixture.woken.waiting).extracting(Waiting::channel).containsExactly(other, one);
  }

  @Test
  void anInstantIsToldOnTheWallOfTheChannelNamedFirst() {
    String tokyo = fixture.channel();
    fixture.jdbc.update("UPDATE channel SET zone = 'Asia/Tokyo' WHERE id = ?", tokyo);
    var at = new When.At(Instant.parse("2031-07-01T08:00:00Z"));

    ScheduledPost post = schedule("hi", at, tokyo, fixture.channel());

    assertThat(post.resolved().getFirst().zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    assertThat(post.resolved().getFirst().local())
        .isEqualTo(LocalDateTime.parse("2031-07-01T17:00"));
    assertThat(publishing.find(WORKSPACE, post.id())).contains(post);
  }

  @Test
  void everyFieldAtFaultIsNamedAndNothingIsKept() {
    String channel = fixture.channel();
    String longText = "x".repeat(21);

    assertThat(errors(() -> schedule("hi", tomorrow, channel, "nowhere", channel)))
        .containsExactly("channels[2]");
    assertThat(errors(() -> schedule("hi", tomorrow, channel, "nowhere")))
        .containsExactly("channels[1]");
    assertThat(errors(() -> schedule("hi", tomorrow))).containsExactly("channels");
    assertThat(errors(() -> schedule(longText, tomorrow, channel))).containsExactly("text");
    assertThat(
            errors(
                () -> schedule("hi", new When.At(Instant.parse("2020-01-01T00:00:00Z")), channel)))
        .containsExactly("when.at");
    When lastYear = new When.Local(LocalDateTime.parse("2020-01-01T00:00"), ZoneId.of("UTC"));
    assertThat(errors(() -> schedule("hi", lastYear, channel))).containsExactly("when.local");
    assertThat(
            errors(
                () ->
                    publishing.schedule(
                        WORKSPACE,
                        new ScheduledPost.Draft(
                            "hi",
                            List.of(channel),
                            tomorrow,
                            Map.of("mastodon", longText),
                            5,
                            Duration.ofHours(1)))))
        .containsExactly("variants.mastodon.text");
    assertThat(
            errors(
                () ->
                    publishing.schedule(
                        WORKSPACE,
                        new ScheduledPost.Draft(
                            "hi", List.of(channel), tomorrow, Map.of(), 10, Duration.ZERO))))
        .containsExactlyInAnyOrder("priority", "expiresAfter");

    assertThat(fixture.jdbc.queryForObject("SELECT count(*) FROM scheduled_post", Long.class))
        .isZero();
    assertThat(fixture.woken.waiting).isEmpty();
  }

  @Test
  void anotherWorkspacesChannelsAndPostsDoNotExist() {
    fixture.jdbc.update("INSERT INTO workspace (id) VALUES ('other')");
    WorkspaceId other = new WorkspaceId("other");
    String channel = fixture.channel();
    ScheduledPost post = schedule("hi", tomorrow, channel);
    String delivery = post.deliveries().getFirst().id();

    assertThat(errors(() -> publishing.schedule(other, draft("hi", tomorrow, channel))))
        .containsExactly("channels[0]");
    assertThat(publishing.find(other, post.id())).isEmpty();
    assertThat(publishing.findDelivery(other, delivery)).isEmpty();
    assertThat(publishing.attempts(other, delivery)).isEmpty();
    assertThat(code(() -> publishing.cancel(other, post.id(), OptionalLong.empty())))
        .isEqualTo(FailureCode.NOT_FOUND);
    assertThat(code(() -> publishing.cancelDelivery(other, delivery)))
        .isEqualTo(FailureCode.NOT_FOUND);
    assertThat(publishing.counts(other).scheduled()).isZero();
  }

  @Test
  void aPastTimeWithinItsGraceIsDueAtOnce() {
    ScheduledPost post =
        schedule("hi", new When.At(Instant.now().minusSeconds(3600)), fixture.channel());
    assertThat(fixture.armAll(post.deliveries(), "t")).hasSize(1);
  }

  @Test
  void listsPagesOfPostsAndDeliveries() {
    String channel = fixture.channel();
    List<String> posts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      posts.addFirst(schedule("hi " + i, tomorrow, channel).id());
    }
    List<String> listed = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<ScheduledPost> page = publishing.list(WORKSPACE, new PageRequest(2, cursor));
      page.items().forEach(post -> listed.add(post.id()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(listed).isEqualTo(posts);

    Page<Delivery> first =
        publishing.listDeliveries(
            WORKSPACE, DeliveryState.SCHEDULED, channel, new PageRequest(3, null));
    Page<Delivery> second =
        publishing.listDeliveries(
            WORKSPACE, DeliveryState.SCHEDULED, channel, new PageRequest(3, first.next()));
    assertThat(first.items()).hasSize(3);
    assertThat(second.items()).hasSize(2).doesNotContainAnyElementsOf(first.items());
    assertThat(second.next()).isNull();
    assertThat(code(() -> publishing.list(WORKSPACE, new PageRequest(2, "bm90"))))
        .isEqualTo(FailureCode.MALFORMED);
  }

  @Test
  void theLatestDueOfAStateComeFirst() {
    String channel = fixture.channel();
    List<String> dues = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ScheduledPost post =
          schedule(
              "hi " + i,
              new When.At(((When.At) tomorrow).instant().plus(Duration.ofHours(i))),
              channel);
      dues.addFirst(post.deliveries().getFirst().id());
    }

    assertThat(publishing.latestDeliveries(WORKSPACE, DeliveryState.SCHEDULED, 3))
        .extracting(Delivery::id)
        .isEqualTo(dues.subList(0, 3));
    assertThat(publishing.latestDeliveries(WORKSPACE, DeliveryState.FAILED, 3)).isEmpty();
  }

  @Test
  void anEditMovesKeepsTakesAwayAndAddsDeliveries() {
    String kept = fixture.channel();
    String removed = fixture.channel();
    String added = fixture.channel();
    ScheduledPost before = schedule("hi", tomorrow, kept, removed);
    String keptId = before.deliveries().getFirst().id();
    When later = new When.At(Instant.now().plusSeconds(7200).truncatedTo(ChronoUnit.SECONDS));

    ScheduledPost after =
        publishing.replace(
            WORKSPACE, before.id(), draft("ho", later, kept, added), OptionalLong.of(1));

    assertThat(after.version()).isEqualTo(2);
    assertThat(after.draft().text()).isEqualTo("ho");
    assertThat(publishing.find(WORKSPACE, before.id())).contains(after);
    assertThat(after.deliveries())
        .extracting(Delivery::channel, Delivery::state)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(kept, DeliveryState.SCHEDULED),
            org.assertj.core.groups.Tuple.tuple(removed, DeliveryState.CANCELLED),
            org.assertj.core.groups.Tuple.tuple(added, DeliveryState.SCHEDULED));
    Delivery moved = publishing.findDelivery(WORKSPACE, keptId).orElseThrow();
    assertThat(moved.dueAt()).isEqualTo(after.resolved().getFirst().instant());
    assertThat(moved.nextTryAt()).isEmpty();
    // Whoever read it before the edit arms nothing.
    assertThat(moved.fence()).isEqualTo(2);
    assertThat(after.state()).isEqualTo(DeliveryState.SCHEDULED);
  }

  @Test
  void anEditRevivesNothingThatAPersonCancelled() {
    String one = fixture.channel();
    String other = fixture.channel();
    ScheduledPost post = schedule("hi", tomorrow, one, other);
    publishing.cancelDelivery(WORKSPACE, post.deliveries().getFirst().id());

    ScheduledPost after =
        publishing.replace(
            WORKSPACE, post.id(), draft("ho", tomorrow, one, other), OptionalLong.empty());

    assertThat(after.deliveries())
        .extracting(Delivery::state)
        .containsExactlyInAnyOrder(DeliveryState.CANCELLED, DeliveryState.SCHEDULED);
  }

  @Test
  void aStaleEditIsRefused() {
    ScheduledPost post = schedule("hi", tomorrow, fixture.channel());
    assertThat(
            code(() -> publishing.replace(WORKSPACE, post.id(), post.draft(), OptionalLong.of(9))))
        .isEqualTo(FailureCode.STALE);
  }

  @Test
  void onceArmedNothingIsEditedOrCancelled() {
    Delivery delivery = fixture.due(fixture.channel());
    fixture.arm(delivery);
    String post = delivery.scheduledPost();
    ScheduledPost.Draft draft = draft("ho", tomorrow, delivery.channel());

    assertThat(code(() -> publishing.replace(WORKSPACE, post, draft, OptionalLong.empty())))
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(code(() -> publishing.cancel(WORKSPACE, post, OptionalLong.empty())))
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(code(() -> publishing.cancelDelivery(WORKSPACE, delivery.id())))
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.ARMED);
  }

  @Test
  void cancellingTakesEveryWaitingDeliveryBack() {
    ScheduledPost post = schedule("hi", tomorrow, fixture.channel(), fixture.channel());

    assertThat(code(() -> publishing.cancel(WORKSPACE, post.id(), OptionalLong.of(9))))
        .isEqualTo(FailureCode.STALE);
    publishing.cancel(WORKSPACE, post.id(), OptionalLong.of(post.version()));

    ScheduledPost after = publishing.find(WORKSPACE, post.id()).orElseThrow();
    assertThat(after.state()).isEqualTo(DeliveryState.CANCELLED);
    assertThat(fixture.woken.gone).hasSize(2);
    assertThat(code(() -> publishing.cancel(WORKSPACE, post.id(), OptionalLong.empty())))
        .isEqualTo(FailureCode.CONFLICT);
  }

  @Test
  void aDeadLetterIsRedrivenWithAFreshBudget() {
    Delivery delivery = fixture.due(fixture.channel());
    settle(delivery, new Outcome.Rejected(422, "Validation failed"));
    assertThat(fixture.now(delivery).result().lastError()).isEqualTo("Validation failed");

    Delivery redriven = publishing.retry(WORKSPACE, delivery.id());

    assertThat(redriven.state()).isEqualTo(DeliveryState.SCHEDULED);
    assertThat(redriven.attempts()).isZero();
    assertThat(fixture.armAll(List.of(redriven), "t")).hasSize(1);
    assertThat(code(() -> publishing.retry(WORKSPACE, delivery.id())))
        .isEqualTo(FailureCode.CONFLICT);
  }

  @Test
  void aDeadLetterOnADeletedChannelStaysOne() {
    String channel = fixture.channel();
    Delivery delivery = fixture.due(channel);
    settle(delivery, new Outcome.Rejected(422, "Validation failed"));
    fixture.jdbc.update("DELETE FROM channel WHERE id = ?", channel);

    assertThat(code(() -> publishing.retry(WORKSPACE, delivery.id())))
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(fixture.now(delivery).state()).isEqualTo(DeliveryState.FAILED);
  }

  @Test
  void anEditOfThePriorityReachesTheGrid() {
    ScheduledPost post = schedule("hi", tomorrow, fixture.channel());
    ScheduledPost.Draft before = post.draft();
    fixture.woken.waiting.clear();

    publishing.replace(
        WORKSPACE,
        post.id(),
        new ScheduledPost.Draft(
            "hi", before.channels(), tomorrow, Map.of(), 9, before.expiresAfter()),
        OptionalLong.empty());

    assertThat(fixture.woken.waiting).extracting(Waiting::priority).containsExactly(9);
  }

  @Test
  void aPersonsWordEndsADoubt() {
    String channel = fixture.channel();
    Delivery there = fixture.due(channel);
    Delivery notThere = fixture.due(channel);
    settle(there, new Outcome.Ambiguous(0, "timeout"));
    settle(notThere, new Outcome.Ambiguous(0, "timeout"));

    Delivery published = publishing.confirm(WORKSPACE, there.id(), true, "42");
    assertThat(published.state()).isEqualTo(DeliveryState.PUBLISHED);
    assertThat(published.result().remoteId()).isEqualTo("42");
    assertThat(errors(() -> publishing.confirm(WORKSPACE, notThere.id(), true, "42")))
        .containsExactly("remoteId");

    Delivery again = publishing.confirm(WORKSPACE, notThere.id(), false, null);
    assertThat(again.state()).isEqualTo(DeliveryState.RETRY);
    // Not before every call that may have been under way is over.
    assertThat(again.dueAt()).isAfter(Instant.now().plusSeconds(20));
  }

  @Test
  void aRetryKeepsTheTimeThatWasAskedFor() {
    Delivery delivery = fixture.now(fixture.due(fixture.channel()));
    assertThat(delivery.nextTryAt()).isEmpty();

    settle(delivery, new Outcome.Transient(503, "busy"));

    Delivery waiting = publishing.findDelivery(WORKSPACE, delivery.id()).orElseThrow();
    assertThat(waiting.state()).isEqualTo(DeliveryState.RETRY);
    assertThat(waiting.askedAt()).isEqualTo(delivery.dueAt());
    assertThat(waiting.nextTryAt()).contains(waiting.dueAt());
    assertThat(waiting.dueAt()).isAfter(delivery.dueAt());
  }

  @Test
  void countsTellWhatStandsWhere() {
    String channel = fixture.channel();
    schedule("hi", tomorrow, channel);
    fixture.due(channel);
    fixture.arm(fixture.due(channel));
    settle(fixture.due(channel), new Outcome.Accepted("1", null, 200, ""));
    settle(fixture.due(channel), new Outcome.Rejected(422, ""));
    settle(fixture.due(channel), new Outcome.Ambiguous(0, ""));
    publishing.pause();

    var counts = publishing.counts(WORKSPACE);

    assertThat(counts.scheduled()).isEqualTo(2);
    assertThat(counts.due()).isEqualTo(1);
    assertThat(counts.armed()).isEqualTo(1);
    assertThat(counts.published()).isEqualTo(1);
    assertThat(counts.failed()).isEqualTo(1);
    assertThat(counts.unconfirmed()).isEqualTo(1);
    assertThat(counts.paused()).isTrue();
  }

  @Test
  void aPostRolledBackWithItsRequestWakesNobody() {
    String channel = fixture.channel();
    assertThatThrownBy(
            () ->
                fixture.transactions.execute(
                    _ -> {
                      schedule("hi", tomorrow, channel);
                      throw new IllegalStateException("the request fails after all");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(fixture.woken.waiting).isEmpty();
    assertThat(publishing.list(WORKSPACE, PageRequest.first()).items()).isEmpty();
  }

  private ScheduledPost schedule(String text, When when, String... channels) {
    return publishing.schedule(WORKSPACE, draft(text, when, channels));
  }

  private void settle(Delivery delivery, Outcome outcome) {
    fixture
        .ledger
        .settlements()
        .settle(
            List.of(
                fixture.decisions.called(fixture.arm(delivery).charge(), outcome, Instant.now())));
  }

  private static List<String> errors(ThrowingCallable call) {
    return failure(call).errors().stream().map(FieldError::field).toList();
  }

  private static FailureCode code(ThrowingCallable call) {
    return failure(call).code();
  }

  private static PulsegridException failure(ThrowingCallable call) {
    Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
    assertThat(thrown).isInstanceOf(PulsegridException.class);
    return (PulsegridException) thrown;
  }
}
