package io.pulsegrid.node.store.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory.Reading;
import io.pulsegrid.node.follow.FollowLedger.Asker;
import io.pulsegrid.node.follow.FollowLedger.Batch;
import io.pulsegrid.node.follow.FollowLedger.Claimed;
import io.pulsegrid.node.follow.FollowLedger.Followed;
import io.pulsegrid.node.follow.FollowLedger.Settled;
import io.pulsegrid.node.store.TestLedger;
import io.pulsegrid.node.store.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredFollowsTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Map<String, Integer> MOST = Map.of("reddit", 2, "mastodon", 20);
  private static final Asker SOURCE = new Asker.OfSource("s1");

  private final TestStore store = TestStore.fresh();
  private final StoredFollows follows = new StoredFollows(store.jdbc(), store.transaction());

  @Test
  void claimsWhatIsDueOnceAndNoMoreThanCanBeAskedFor() {
    begin(5, SOURCE);

    Batch first = claim(List.of()).orElseThrow();
    Batch second = claim(List.of()).orElseThrow();
    Batch third = claim(List.of()).orElseThrow();

    assertThat(first.posts()).hasSize(2);
    assertThat(second.posts()).hasSize(2).doesNotContainAnyElementsOf(first.posts());
    assertThat(third.posts()).hasSize(1);
    assertThat(claim(List.of())).isEmpty();
    assertThat(first.asker()).isEqualTo(SOURCE);
  }

  @Test
  void keepsEachReadingAndComesBackWhenItIsDue() {
    begin(1, SOURCE);
    Claimed claimed = claim(List.of()).orElseThrow().posts().getFirst();
    Engagement counts = new Engagement(7, 2, 1, 90);

    assertThat(follows.settle(List.of(new Settled(claimed, counts, Instant.now())))).isEqualTo(1);

    assertThat(follows.readings("p0"))
        .extracting(Reading::counts)
        .containsExactly(new Engagement(0, 1, 0, 0), counts);
    assertThat(claim(List.of()).orElseThrow().posts()).hasSize(1);
  }

  @Test
  void givesWhatADeadNodeClaimedToAnotherAndTakesNothingFromItAnyMore() {
    begin(1, SOURCE);
    Claimed dead = claim(List.of()).orElseThrow().posts().getFirst();
    assertThat(claim(List.of())).isEmpty();
    store
        .jdbc()
        .sql("UPDATE followed_post SET claimed_until = now() - interval '1 second'")
        .update();

    Claimed successor = claim(List.of()).orElseThrow().posts().getFirst();

    assertThat(successor.fence()).isGreaterThan(dead.fence());
    Settled late = new Settled(dead, new Engagement(9, 9, 9, 9), Instant.now());
    assertThat(follows.settle(List.of(late))).isZero();
    assertThat(follows.readings("p0")).hasSize(1);
  }

  @Test
  void endsWithTheLastReading() {
    begin(1, SOURCE);
    Claimed claimed = claim(List.of()).orElseThrow().posts().getFirst();

    follows.settle(List.of(new Settled(claimed, Engagement.NONE, null)));

    assertThat(store.jdbc().sql("SELECT count(*) FROM followed_post").query(Long.class).single())
        .isZero();
    assertThat(follows.readings("p0")).hasSize(2);
  }

  @Test
  void leavesAskersAloneThatAreSpared() {
    begin(1, SOURCE);

    assertThat(claim(List.of(SOURCE))).isEmpty();
    assertThat(follows.lag()).isGreaterThan(Duration.ofSeconds(30));
  }

  @Test
  void doesNotFollowAPostTwice() {
    begin(1, SOURCE);
    begin(1, new Asker.OfSource("s2"));

    assertThat(claim(List.of()).orElseThrow().asker()).isEqualTo(SOURCE);
    assertThat(claim(List.of())).isEmpty();
  }

  @Test
  void followsWhatWasPublishedOnce() {
    String id = new TestLedger(store).delivery("c1", "PUBLISHED");
    store.jdbc().sql("UPDATE delivery SET remote_id = '42' WHERE id = ?").param(id).update();
    Map<String, Duration> follow = Map.of("mastodon", Duration.ofDays(3));

    assertThat(follows.beginPublished(follow)).isEqualTo(1);
    assertThat(follows.beginPublished(follow)).isZero();
    store.jdbc().sql("UPDATE followed_post SET next_at = now()").update();

    Batch batch = claim(List.of()).orElseThrow();
    assertThat(batch.asker()).isEqualTo(new Asker.OfChannel("c1"));
    assertThat(batch.posts().getFirst().post().subject()).isEqualTo(id);
    assertThat(batch.posts().getFirst().post().nativeId()).isEqualTo("42");
  }

  @Test
  void forgetsReadingsThatAreOld() {
    begin(2, SOURCE);
    store
        .jdbc()
        .sql("UPDATE engagement SET at = at - interval '2 days' WHERE subject = 'p0'")
        .update();

    assertThat(follows.forget(Duration.ofDays(1), 100)).isEqualTo(1);
    assertThat(follows.readings("p1")).hasSize(1);
  }

  private Optional<Batch> claim(List<Asker> spared) {
    return follows.claim(MOST, spared, LEASE);
  }

  /** Posts that have been due for a minute. */
  private void begin(int count, Asker asker) {
    Map<Followed, Instant> due = new HashMap<>();
    Map<String, Engagement> readings = new HashMap<>();
    Instant now = Instant.now();
    for (int i = 0; i < count; i++) {
      due.put(
          new Followed(
              "p" + i,
              WorkspaceId.DEFAULT,
              "reddit",
              "t3_" + i,
              null,
              asker,
              now.minusSeconds(600)),
          now.minusSeconds(60));
      readings.put("p" + i, new Engagement(0, 1, 0, 0));
    }
    follows.begin(due, readings);
  }
}
