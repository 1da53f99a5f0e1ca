package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.junit.jupiter.api.Test;

class MajorityTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<Integer> exits = new ArrayList<>();
  private final Departure departure =
      new Departure(Thread.ofPlatform().daemon().factory(), exits::add);

  @Test
  void isMoreThanHalf() {
    assertThat(new Size(1, 1).majority()).isEqualTo(1);
    assertThat(new Size(2, 1).majority()).isEqualTo(2);
    assertThat(new Size(3, 1).majority()).isEqualTo(2);
    assertThat(new Size(4, 1).majority()).isEqualTo(3);
    assertThat(new Size(5, 1).majority()).isEqualTo(3);
  }

  @Test
  void stopsTheWritesOfANodeThatIsLeftAlone() {
    try (GridFixture grid = GridFixture.roomFor(2)) {
      assertThat(grid.size().change(grid.size().read(), 2)).isTrue();
      Ignite left = grid.start(Map.of());
      grid.start(Map.of());
      grid.awaitBaseline();
      IgniteCache<String, String> cache =
          CacheShapes.open(left, CacheShapes.partitioned("kept", 1));
      cache.put("a", "1");

      grid.stop(1);
      await().untilAsserted(() -> assertThat(left.cluster().nodes()).hasSize(1));

      assertThat(cache.get("a")).isEqualTo("1");
      assertThatThrownBy(() -> cache.put("a", "2"))
          .satisfies(
              failure ->
                  assertThat(GridAway.told(failure))
                      .hasValueSatisfying(
                          told -> {
                            assertThat(told.code()).isEqualTo(FailureCode.UNAVAILABLE);
                            assertThat(told.retryAfter()).isPresent();
                          }));
      assertThat(cache.get("a")).isEqualTo("1");
    }
  }

  @Test
  void turnsAwayANodeWithAnotherStoreInOneLine() {
    Map<String, String> ours =
        Map.of(GridPlugin.STORE_ATTRIBUTE, "s1", GridPlugin.KEY_ATTRIBUTE, "k1");
    // An installation of its own has a key of its own as well; the store is what is wrong.
    Map<String, String> otherStore =
        Map.of(GridPlugin.STORE_ATTRIBUTE, "s2", GridPlugin.KEY_ATTRIBUTE, "k2");
    Map<String, String> otherKey =
        Map.of(GridPlugin.STORE_ATTRIBUTE, "s1", GridPlugin.KEY_ATTRIBUTE, "k2");
    try (GridFixture grid = GridFixture.roomFor(2)) {
      Ignite first = grid.start(ours);

      assertThat(refusal(grid, otherStore))
          .isEqualTo(
              "the grid turned this node away: its store is s2, the grid's is s1; set the same"
                  + " pulsegrid.store.url on all nodes");
      assertThat(refusal(grid, otherKey))
          .isEqualTo(
              "the grid turned this node away: its credential key is k2, the grid's is k1; copy"
                  + " credentials.key from a node of the grid");
      assertThat(first.cluster().nodes()).hasSize(1);

      grid.start(ours);
      assertThat(first.cluster().nodes()).hasSize(2);
    }
  }

  @Test
  void goesOnAloneOnlyWhereNoOtherNodeDoes() {
    try (GridFixture grid = GridFixture.of(1);
        GridFixture unreached = GridFixture.of(1)) {
      ExpectedSize store = grid.size();
      Membership first = grid.membership(0);
      Membership second = unreached.membership(0, store);
      Collection<ClusterNode> itself = unreached.node(0).cluster().nodes();
      first.refresh(grid.node(0).cluster().nodes(), _ -> true);
      second.refresh(itself, _ -> true);
      assertThat(first.isMajority(grid.node(0).cluster().nodes())).isTrue();
      assertThat(second.isMajority(itself)).isFalse();
      assertThat(second.rival(itself)).contains(nameOf(grid));

      // More of its kind change nothing: they would raise the size past the one that lives.
      Ignite another = unreached.add();
      unreached.awaitBaseline();
      itself = unreached.node(0).cluster().nodes();
      second.refresh(itself, _ -> true);
      assertThat(itself).hasSize(2).contains(another.cluster().localNode());
      assertThat(second.isMajority(itself)).isFalse();
      assertThat(store.read().nodes()).isEqualTo(1);

      // It has the same message for its operator, and the same way out.
      var watch = watch(unreached, second, Runnable::run);
      watch.run();
      nanos.addAndGet(MajorityWatch.PATIENCE.toNanos());
      watch.run();
      await().untilAsserted(() -> assertThat(exits).containsExactly(75));

      // As the first was stopped for a while: it finds the others in its place, and goes soon,
      // since Ignite lets it write until somebody comes or goes.
      List<Integer> ofFirst = new ArrayList<>();
      var watchOfFirst =
          new MajorityWatch(
              first,
              new Departure(Thread.ofPlatform().daemon().factory(), ofFirst::add),
              () -> grid.node(0).cluster().nodes(),
              _ -> true,
              nanos::get,
              Runnable::run);
      watchOfFirst.run();
      assertThat(first.isMajority(grid.node(0).cluster().nodes())).isTrue();
      grid.size().forgetHolder();
      second.refresh(itself, _ -> true);
      assertThat(second.isMajority(itself)).isTrue();
      watchOfFirst.run();
      assertThat(first.isMajority(grid.node(0).cluster().nodes())).isFalse();
      nanos.addAndGet(MajorityWatch.UNSEEN_PATIENCE.toNanos());
      watchOfFirst.run();
      await().untilAsserted(() -> assertThat(ofFirst).containsExactly(75));
    }
  }

  @Test
  void aNodeThatIsDrainedLeavesNoHoldBehind() {
    try (GridFixture grid = GridFixture.of(2)) {
      ClusterNode staying = grid.node(0).cluster().localNode();
      ClusterNode leaving = grid.node(1).cluster().localNode();
      Predicate<UUID> stays = id -> !id.equals(leaving.id());
      Membership ofLeaving = grid.membership(1);
      Membership ofStaying = grid.membership(0);
      ofStaying.refresh(List.of(staying, leaving), stays);
      ofLeaving.refresh(List.of(staying, leaving), stays);

      ofStaying.refresh(List.of(staying), stays);
      assertThat(ofStaying.rival(List.of(staying))).isEmpty();
      assertThat(ofStaying.isMajority(List.of(staying))).isTrue();
    }
  }

  @Test
  void endsANodeThatIsTheMajorityWhileIgniteWasToldThatItIsNot() {
    try (GridFixture grid = GridFixture.of(1)) {
      Membership membership = grid.membership(0);
      Quorum _ = refusedOnce(grid, membership);
      var watch = watch(grid, membership, Runnable::run);
      watch.run();
      nanos.addAndGet(MajorityWatch.REFUSED_PATIENCE.minusSeconds(1).toNanos());
      watch.run();
      assertThat(departure.begun()).isFalse();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      watch.run();
      await().untilAsserted(() -> assertThat(exits).containsExactly(75));
    }
  }

  @Test
  void keepsANodeOfWhichIgniteAskedOnceMore() {
    try (GridFixture grid = GridFixture.of(1)) {
      Membership membership = grid.membership(0);
      Quorum quorum = refusedOnce(grid, membership);
      var watch = watch(grid, membership, Runnable::run);
      watch.run();
      assertThat(quorum.validate(grid.node(0).cluster().nodes())).isTrue();
      nanos.addAndGet(MajorityWatch.REFUSED_PATIENCE.toNanos());
      watch.run();
      assertThat(departure.begun()).isFalse();
    }
  }

  /** A node that was refused as one of two, of which an operator says then that it is the only. */
  private static Quorum refusedOnce(GridFixture grid, Membership membership) {
    Collection<ClusterNode> itself = grid.node(0).cluster().nodes();
    assertThat(grid.size().change(grid.size().read(), 2)).isTrue();
    membership.refresh(itself, _ -> true);
    Quorum quorum = new Quorum(membership);
    assertThat(quorum.validate(itself)).isFalse();
    assertThat(grid.size().change(grid.size().read(), 1)).isTrue();
    return quorum;
  }

  private static String nameOf(GridFixture grid) {
    return grid.node(0).cluster().localNode().consistentId().toString();
  }

  @Test
  void countsNodesThatJoinAndNeverThoseThatLeave() {
    try (GridFixture grid = GridFixture.of(2)) {
      Membership membership = grid.membership(0);
      membership.refresh(grid.node(0).cluster().nodes(), _ -> true);
      assertThat(grid.size().read().nodes()).isEqualTo(2);

      grid.stop(1);
      await().untilAsserted(() -> assertThat(grid.node(0).cluster().nodes()).hasSize(1));
      membership.refresh(grid.node(0).cluster().nodes(), _ -> true);
      assertThat(membership.expected().nodes()).isEqualTo(2);
      assertThat(membership.isMajority(grid.node(0).cluster().nodes())).isFalse();
    }
  }

  @Test
  void countsNoNodeThatIsBeingDrainedAmongTheMajority() {
    try (GridFixture grid = GridFixture.of(2)) {
      ClusterNode staying = grid.node(0).cluster().localNode();
      ClusterNode leaving = grid.node(1).cluster().localNode();
      Membership membership = grid.membership(1);
      membership.refresh(grid.node(1).cluster().nodes(), id -> !id.equals(leaving.id()));

      assertThat(membership.isMajority(List.of(staying, leaving))).isTrue();
      assertThat(membership.isMajority(List.of(staying))).isTrue();
      // Cut off on its way out: the other goes on, and both would write.
      assertThat(membership.isMajority(List.of(leaving))).isFalse();
    }
  }

  @Test
  void becomesSmallerOnlyWhileTheMajorityIsThere() {
    assertThat(Draining.smaller(new Size(4, 1), 4, 3)).isEqualTo(new Size(3, 1));
    // The two of four that a cut has left would be the majority of three, and so would the others.
    assertThatThrownBy(() -> Draining.smaller(new Size(4, 1), 2, 2))
        .hasMessageContaining("only 2 of 4 nodes are here, fewer than the majority");
    assertThatThrownBy(() -> Draining.smaller(new Size(5, 1), 3, 2))
        .hasMessageContaining("only 2 nodes would stay, but writes need 3 of the 4");
  }

  @Test
  void keepsTheKnownSizeWhileTheStoreIsAway() {
    try (GridFixture grid = GridFixture.of(2)) {
      Membership membership = grid.membership(0);
      grid.size().away(true);
      membership.refresh(grid.node(0).cluster().nodes(), _ -> true);
      assertThat(membership.expected()).isEqualTo(new Size(1, 1));

      grid.size().away(false);
      membership.refresh(grid.node(0).cluster().nodes(), _ -> true);
      assertThat(membership.expected()).isEqualTo(new Size(2, 2));
    }
  }

  @Test
  void endsANodeThatMissesItForHalfAMinuteAndNotBefore() {
    try (GridFixture grid = GridFixture.of(1)) {
      assertThat(grid.size().change(grid.size().read(), 3)).isTrue();
      var watch = watch(grid);
      watch.run();
      nanos.addAndGet(Duration.ofSeconds(29).toNanos());
      watch.run();
      assertThat(departure.begun()).isFalse();

      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      watch.run();
      await().untilAsserted(() -> assertThat(exits).containsExactly(75));
    }
  }

  @Test
  void endsANodeThatMissesItThoughItsStoreHangs() {
    try (GridFixture grid = GridFixture.of(1)) {
      assertThat(grid.size().change(grid.size().read(), 3)).isTrue();
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch answers = new CountDownLatch(1);
      ExpectedSize behindACut =
          new ExpectedSize() {
            private boolean known;

            @Override
            public Size read() {
              if (known) {
                asked.countDown();
                awaitUninterruptibly(answers);
              }
              known = true;
              return grid.size().read();
            }

            @Override
            public boolean change(Size size, int nodes) {
              return grid.size().change(size, nodes);
            }

            @Override
            public Optional<String> hold(String node, Collection<String> here) {
              return grid.size().hold(node, here);
            }
          };
      var watch = watch(grid, grid.membership(0, behindACut), Thread.ofPlatform().daemon()::start);
      watch.run();
      awaitUninterruptibly(asked);

      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      watch.run();
      await().untilAsserted(() -> assertThat(exits).containsExactly(75));
      answers.countDown();
    }
  }

  @Test
  void forgetsAMissingMajorityThatCameBack() {
    try (GridFixture grid = GridFixture.of(1)) {
      assertThat(grid.size().change(grid.size().read(), 2)).isTrue();
      var watch = watch(grid);
      watch.run();
      nanos.addAndGet(Duration.ofSeconds(20).toNanos());
      assertThat(grid.size().change(grid.size().read(), 1)).isTrue();
      watch.run();
      assertThat(grid.size().change(grid.size().read(), 2)).isTrue();
      watch.run();
      // Of the nodes that it was the majority with: it waits for 3 s only.
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      watch.run();
      assertThat(departure.begun()).isFalse();
    }
  }

  @Test
  void passesOnWhatAnotherNodeRefused() {
    var refused = PulsegridException.invalid("title", "is required");
    assertThat(GridAway.told(new IgniteException(refused))).containsSame(refused);
    assertThat(GridAway.told(new IllegalStateException("ours"))).isEmpty();
  }

  @Test
  void tellsThatTheGridIsAwayOfANodeThatIsLeavingIt() {
    Ignite left;
    try (GridFixture grid = GridFixture.of(1)) {
      left = grid.node(0);
    }
    assertThatThrownBy(() -> left.cluster().forServers())
        .satisfies(
            failure ->
                assertThat(GridAway.told(failure))
                    .hasValueSatisfying(
                        told -> assertThat(told.code()).isEqualTo(FailureCode.UNAVAILABLE)));
  }

  private MajorityWatch watch(GridFixture grid) {
    return watch(grid, grid.membership(0), Runnable::run);
  }

  private MajorityWatch watch(GridFixture grid, Membership membership, Executor asking) {
    return new MajorityWatch(
        membership, departure, () -> grid.node(0).cluster().nodes(), _ -> true, nanos::get, asking);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String refusal(GridFixture grid, Map<String, String> attributes) {
    try {
      grid.start(attributes);
      return "let in";
    } catch (IgniteException e) {
      return GridPlugin.turnedAway(e).orElse("failed otherwise");
    }
  }
}
