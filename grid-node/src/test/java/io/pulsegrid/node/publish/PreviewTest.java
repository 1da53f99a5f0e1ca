package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final LedgerFixture fixture = new LedgerFixture();
  private final LedgerPublishing publishing = fixture.publishing;
  private final Instant tomorrow =
      Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
  private final LedgerPreviews previews =
      new LedgerPreviews(
          fixture.ledger,
          new DraftCheck(Map.of("mastodon", new LedgerFixture.ShortTexts())),
          fixture.decisions,
          new TwoAnHour());

  /** Two posts an hour on every channel, none of which is counted yet. */
  private static class TwoAnHour implements Limits {
    @Override
    public List<RateLimit> of(WorkspaceId workspace, String channelId) {
      return List.of(
          new RateLimit("channel:" + channelId, "publish", HOUR, 2, 0, Instant.EPOCH, null, null),
          new RateLimit("channel:" + channelId, "like", HOUR, 1, 1, Instant.MAX, null, null));
    }

    @Override
    public void unblock(WorkspaceId workspace, String scope) {
      throw new IllegalStateException("nothing is lifted here");
    }

    @Override
    public void record(WorkspaceId workspace, String channelId, String action) {
      throw new IllegalStateException("nothing is recorded here");
    }
  }

  /** Two posts an hour on all channels together. */
  private static final class TwoAnHourOfTheApp extends TwoAnHour {
    @Override
    public List<RateLimit> of(WorkspaceId workspace, String channelId) {
      return List.of(
          new RateLimit("app:mastodon", "publish", HOUR, 2, 0, Instant.EPOCH, null, null));
    }
  }

  private ScheduledPost schedule(String text, When when, String channel) {
    return publishing.schedule(WORKSPACE, draft(text, when, channel));
  }

  @Test
  void aPlanIsToldWithoutAChange() {
    String channel = fixture.channel();
    fixture.jdbc.update(
        "UPDATE channel SET slots = '[{\"day\":\"MON\",\"time\":\"09:00\"}]' WHERE id = ?",
        channel);
    List<ScheduledPost.Draft> plan =
        List.of(
            draft("one", new When.NextSlot(), channel),
            draft("two", new When.NextSlot(), channel),
            draft("x".repeat(21), new When.NextSlot(), channel),
            draft("café", new When.At(tomorrow), channel));

    Preview preview = previews.of(WORKSPACE, plan);

    assertThat(preview.items()).hasSize(4);
    Instant first = preview.items().get(0).channels().getFirst().resolved().instant();
    Instant second = preview.items().get(1).channels().getFirst().resolved().instant();
    assertThat(Duration.between(first, second)).isGreaterThan(Duration.ofDays(6));
    assertThat(preview.lastGoesOutAt()).isEqualTo(second);
    assertThat(preview.items().get(2).errors())
        .extracting(FieldError::field)
        .containsExactly("text");
    assertThat(preview.items().get(3).channels().getFirst().counted())
        .containsExactly(new Measure("", 4, 20, "characters"));
    assertThat(fixture.jdbc.queryForObject("SELECT count(*) FROM scheduled_post", Long.class))
        .isZero();
    assertThat(schedule("one", new When.NextSlot(), channel).resolved().getFirst().instant())
        .isEqualTo(first);
  }

  @Test
  void aCollisionWithALimitIsToldWithWhatWaitsAlready() {
    String channel = fixture.channel();
    schedule("before", new When.At(tomorrow.minusSeconds(60)), channel);
    When.At at = new When.At(tomorrow);

    Preview preview =
        previews.of(WORKSPACE, List.of(draft("second", at, channel), draft("third", at, channel)));

    Preview.OnChannel second = preview.items().get(0).channels().getFirst();
    assertThat(second.goesOutAt()).isEqualTo(tomorrow);
    assertThat(second.heldBy()).isNull();
    Preview.OnChannel third = preview.items().get(1).channels().getFirst();
    assertThat(third.goesOutAt()).isEqualTo(tomorrow.minusSeconds(60).plus(HOUR));
    assertThat(third.heldBy())
        .isNotNull()
        .satisfies(limit -> assertThat(limit.scope()).isEqualTo("channel:" + channel));
    assertThat(preview.lastGoesOutAt()).isEqualTo(third.goesOutAt());
  }

  /** The windows of an app are shared by channels that have no part in the plan. */
  @Test
  void whatWaitsOnOtherChannelsTakesOfTheAppsLimit() {
    LedgerPreviews shared =
        new LedgerPreviews(
            fixture.ledger,
            new DraftCheck(Map.of("mastodon", new LedgerFixture.ShortTexts())),
            fixture.decisions,
            new TwoAnHourOfTheApp());
    schedule("before", new When.At(tomorrow.minusSeconds(120)), fixture.channel());
    schedule("before", new When.At(tomorrow.minusSeconds(60)), fixture.channel());
    schedule("after", new When.At(tomorrow.plusSeconds(60)), fixture.channel());

    Preview preview =
        shared.of(WORKSPACE, List.of(draft("third", new When.At(tomorrow), fixture.channel())));

    Preview.OnChannel third = preview.items().getFirst().channels().getFirst();
    assertThat(third.goesOutAt()).isEqualTo(tomorrow.minusSeconds(120).plus(HOUR));
    assertThat(third.heldBy())
        .isNotNull()
        .satisfies(limit -> assertThat(limit.scope()).isEqualTo("app:mastodon"));
    assertThat(preview.lastGoesOutAt()).isEqualTo(third.goesOutAt());
  }

  @Test
  void whatWasSaidBeforeIsTold() {
    String channel = fixture.channel();
    Delivery sent = fixture.due(channel, "We are live!");
    fixture
        .ledger
        .settlements()
        .settle(
            List.of(
                fixture.decisions.called(
                    fixture.arm(sent).charge(),
                    new Outcome.Accepted("1", null, 200, ""),
                    Instant.now())));

    Preview preview =
        previews.of(
            WORKSPACE,
            List.of(
                draft("we are LIVE", new When.At(tomorrow), channel),
                draft("Something else", new When.At(tomorrow), channel)));

    assertThat(preview.items().get(0).channels().getFirst().similar())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.delivery()).isEqualTo(sent.id());
              assertThat(one.likeness()).isEqualTo(1);
            });
    assertThat(preview.items().get(1).channels().getFirst().similar()).isEmpty();
  }

  @Test
  void theSameTextOnTheSameChannelWithinAWeekIsRepeated() {
    String channel = fixture.channel();
    ScheduledPost first = schedule("hi", new When.At(tomorrow), channel);
    ScheduledPost soon = schedule("hi", new When.At(tomorrow.plus(Duration.ofDays(6))), channel);
    ScheduledPost late = schedule("hi", new When.At(tomorrow.plus(Duration.ofDays(20))), channel);
    ScheduledPost elsewhere = schedule("hi", new When.At(tomorrow), fixture.channel());

    assertThat(repeated(soon))
        .extracting(Preview.Similar::delivery)
        .containsExactly(first.deliveries().getFirst().id());
    assertThat(repeated(late)).isEmpty();
    assertThat(repeated(elsewhere)).isEmpty();

    publishing.cancel(WORKSPACE, first.id(), OptionalLong.empty());
    assertThat(repeated(soon)).isEmpty();
  }

  @Test
  void whatCountsIsWhatThePlatformGets() {
    String channel = fixture.channel();
    ScheduledPost first = schedule("one", "hello", channel);
    ScheduledPost second = schedule("two", "hello", channel);
    ScheduledPost third = schedule("one", "other", channel);
    ScheduledPost plain = schedule("hello", new When.At(tomorrow), channel);

    assertThat(repeated(second))
        .extracting(Preview.Similar::delivery)
        .containsExactlyInAnyOrder(
            first.deliveries().getFirst().id(), plain.deliveries().getFirst().id());
    assertThat(repeated(third)).isEmpty();

    ScheduledPost changed =
        publishing.replace(
            WORKSPACE,
            third.id(),
            draft("hello", new When.At(tomorrow), channel),
            OptionalLong.empty());
    assertThat(repeated(changed)).hasSize(3);
  }

  private ScheduledPost schedule(String text, String onMastodon, String channel) {
    return publishing.schedule(
        WORKSPACE,
        new ScheduledPost.Draft(
            text,
            List.of(channel),
            new When.At(tomorrow),
            Map.of("mastodon", onMastodon),
            5,
            ScheduledPost.DEFAULT_EXPIRES_AFTER));
  }

  private List<Preview.Similar> repeated(ScheduledPost post) {
    return previews.repeated(List.of(post)).getOrDefault(post.id(), List.of());
  }
}
