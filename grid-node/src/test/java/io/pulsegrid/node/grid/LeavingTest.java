package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How nodes go that are told to, on three real ones. */
class LeavingTest {
  private static final int ENTRIES = 2_000;

  private final GridFixture grid = GridFixture.of(3);
  private final List<Membership> memberships = new ArrayList<>();
  private final List<NodeDirectory> directories = new ArrayList<>();
  private final List<Draining> drainings = new ArrayList<>();
  private final List<CountDownLatch> left = new ArrayList<>();

  @BeforeEach
  void open() {
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < ENTRIES; i++) {
      entries.put("k" + i, "v" + i);
    }
    kept(0).putAll(entries);
    for (int i = 0; i < 3; i++) {
      Ignite node = grid.node(i);
      memberships.add(grid.membership(i));
      directories.add(
          new NodeDirectory(
              node,
              "test",
              CacheShapes.open(node, CacheShapes.<UUID, String>replicated(NodeDirectory.CACHE))));
      CountDownLatch gone = new CountDownLatch(1);
      left.add(gone);
      drainings.add(new Draining(node, memberships.get(i), directories.get(i), gone::countDown));
    }
    memberships.getFirst().refresh(grid.node(0).cluster().nodes(), _ -> true);
  }

  @AfterEach
  void close() {
    grid.close();
  }

  @Test
  void losesNothingWhenNodesGoOneAfterTheOther() {
    assertThat(leave(2)).isTrue();
    assertThat(leave(1)).isTrue();
    assertThat(grid.node(0).cache("kept").lostPartitions()).isEmpty();
    assertThat(kept(0).size()).isEqualTo(ENTRIES);
  }

  @Test
  void losesNothingWhenTwoAreToldToGoAtOnce() throws InterruptedException {
    Thread first = Thread.ofPlatform().start(() -> leave(1));
    Thread second = Thread.ofPlatform().start(() -> leave(2));
    first.join();
    second.join();
    assertThat(grid.node(0).cluster().nodes()).hasSize(1);
    assertThat(grid.node(0).cache("kept").lostPartitions()).isEmpty();
    assertThat(kept(0).size()).isEqualTo(ENTRIES);
  }

  @Test
  void waitsForNobodyWhenTheWholeGridStops() {
    assertThat(handover(1).await(Duration.ofMinutes(1), () -> true)).isFalse();
  }

  @Test
  void drainsDownToOneNodeAndExpectsFewerEachTime() throws InterruptedException {
    assertThat(draining(0).drain(id(2))).isEqualTo(2);
    assertThat(left.get(2).await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(NodeDirectory.isDrained(grid.node(1), id(2))).isTrue();
    // The drained node still runs, and nobody counts it.
    memberships.get(1).refresh(grid.node(1).cluster().nodes(), this::stays);
    assertThat(grid.size().read().nodes()).isEqualTo(2);
    assertThat(draining(0).drain(id(2))).as("asked twice").isEqualTo(2);
    leave(2);

    // The one that is asked drains itself.
    assertThat(draining(1).drain(id(1))).isEqualTo(1);
    leave(1);
    assertThatThrownBy(() -> draining(0).drain(id(0)))
        .isInstanceOfSatisfying(
            PulsegridException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CONFLICT));
    assertThat(NodeDirectory.isDrained(grid.node(0), id(0))).isFalse();
    assertThat(kept(0).size()).isEqualTo(ENTRIES);
  }

  @Test
  void refusesADrainThatWouldLeaveTooFewToWrite() {
    assertThat(grid.size().change(grid.size().read(), 5)).isTrue();
    assertThatThrownBy(() -> draining(0).drain(id(2)))
        .hasMessageContaining("only 2 nodes would stay, but writes need 3 of the 4");
    assertThat(grid.size().read().nodes()).isEqualTo(5);
    assertThat(NodeDirectory.isDrained(grid.node(0), id(2))).isFalse();
  }

  @Test
  void changesNothingForANodeThatIsStillStarting() {
    grid.node(2).cluster().<String, Runnable>nodeLocalMap().clear();
    assertThatThrownBy(() -> draining(0).drain(id(2)))
        .satisfies(
            failure ->
                assertThat(GridAway.told(failure))
                    .hasValueSatisfying(
                        told -> assertThat(told.code()).isEqualTo(FailureCode.IN_FLIGHT)));
    assertThat(grid.size().read().nodes()).isEqualTo(3);
    assertThat(NodeDirectory.isDrained(grid.node(0), id(2))).isFalse();
  }

  @Test
  void drainsNobodyWhileTheStoreIsAway() {
    grid.size().away(true);
    assertThatThrownBy(() -> draining(0).drain(id(2)))
        .isInstanceOfSatisfying(
            PulsegridException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNAVAILABLE));
    assertThat(NodeDirectory.isDrained(grid.node(0), id(2))).isFalse();
  }

  private boolean leave(int index) {
    UUID id = id(index);
    boolean safe = handover(index).await(Duration.ofMinutes(1), () -> false);
    grid.stop(index);
    await().atMost(Duration.ofSeconds(30)).until(() -> grid.node(0).cluster().node(id) == null);
    return safe;
  }

  private Handover handover(int index) {
    CountDownLatch never = new CountDownLatch(1);
    return new Handover(
        grid.node(index),
        directories.get(index),
        System::nanoTime,
        time -> {
          boolean _ = never.await(time.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  private Draining draining(int index) {
    return drainings.get(index);
  }

  private boolean stays(UUID id) {
    return !NodeDirectory.isDrained(grid.node(0), id);
  }

  private UUID id(int index) {
    return grid.node(index).cluster().localNode().id();
  }

  private IgniteCache<String, String> kept(int index) {
    return CacheShapes.open(grid.node(index), CacheShapes.partitioned("kept", 1));
  }
}
