package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> order = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void admitsByPriorityThenByArrival() throws Exception {
    Lane lane = new Lane(() -> 1, timer);
    Lane.Ticket first = lane.enter("source", 5);
    enter(lane, 3, "low");
    enter(lane, 9, "high");
    enter(lane, 9, "high later");
    enter(lane, 5, "middle");

    first.close();

    await().untilAsserted(() -> assertThat(order).hasSize(4));
    assertThat(order).containsExactly("high", "high later", "middle", "low");
  }

  @Test
  void givesThePlaceOfASlowVisitToTheNext() throws Exception {
    Lane lane = new Lane(() -> 2, timer);
    Lane.Ticket slow = lane.enter("slow", 9);
    Lane.Ticket slower = lane.enter("slow", 9);

    try (Lane.Ticket _ = threads.submit(() -> lane.enter("other", 1)).get(10, TimeUnit.SECONDS)) {
      assertThat(lane.running()).isEqualTo(3);
    }

    slow.close();
    slower.close();
    assertThat(lane.running()).isZero();
  }

  @Test
  void sourcesThatHangStarveNobodyHoweverManyThereAre() throws Exception {
    Lane lane = new Lane(() -> 10, timer);
    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i < 55; i++) {
      Future<?> _ = hang(lane, "hanging-" + i, over);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> lane.running() == 55);

    try (Lane.Ticket _ = threads.submit(() -> lane.enter("other", 0)).get(10, TimeUnit.SECONDS)) {
      assertThat(lane.waiting()).isZero();
    }
    over.countDown();
    await().until(() -> lane.running() == 0);
  }

  @Test
  void aSourceThatFailedSlowlyWaitsAmongItsLikeUntilItIsWell() throws Exception {
    Lane lane = new Lane(() -> 1, timer);
    int most = Lane.SUSPECTS_PER_PLACE;
    for (int i = 0; i <= most; i++) {
      CountDownLatch over = new CountDownLatch(1);
      Future<?> hanging = hang(lane, "hanging-" + i, over);
      await().until(() -> lane.running() == 1);
      // It gives up its place, or this one would not come in.
      threads.submit(() -> lane.enter("other", 9)).get(10, TimeUnit.SECONDS).close();
      over.countDown();
      hanging.get(10, TimeUnit.SECONDS);
    }

    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i <= most; i++) {
      Future<?> _ = hang(lane, "hanging-" + i, over);
    }
    await().until(() -> lane.running() == most && lane.waiting() == 1);
    threads.submit(() -> lane.enter("other", 0)).get(500, TimeUnit.MILLISECONDS).close();

    over.countDown();
    await().until(() -> lane.running() == 0);
    try (Lane.Ticket well = lane.enter("hanging-0", 5)) {
      well.ended(false);
    }
    try (Lane.Ticket _ = lane.enter("hanging-0", 5)) {
      enter(lane, 5, "behind");
    }
    await().untilAsserted(() -> assertThat(order).containsExactly("behind"));
  }

  @Test
  void forgetsAWaiterThatIsCalledOff() throws Exception {
    Lane lane = new Lane(() -> 1, timer);
    Lane.Ticket first = lane.enter("source", 5);
    Future<Lane.Ticket> waiter = threads.submit(() -> lane.enter("source", 5));
    await().until(() -> lane.waiting() == 1);

    waiter.cancel(true);

    await().until(() -> lane.waiting() == 0);
    first.close();
    assertThat(lane.running()).isZero();
  }

  private Future<?> hang(Lane lane, String sourceId, CountDownLatch over) {
    return threads.submit(
        () -> {
          try (Lane.Ticket ticket = lane.enter(sourceId, 5)) {
            over.await();
            ticket.ended(true);
          }
          return null;
        });
  }

  private void enter(Lane lane, int priority, String name) {
    int before = lane.waiting();
    Future<?> _ =
        threads.submit(
            () -> {
              try (Lane.Ticket _ = lane.enter(name, priority)) {
                order.add(name);
              }
              return null;
            });
    await().until(() -> lane.waiting() == before + 1);
  }
}
