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
    Lane.Ticket first = lane.enter(5);
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
    Lane.Ticket slow = lane.enter(9);
    Lane.Ticket slower = lane.enter(9);

    try (Lane.Ticket _ = threads.submit(() -> lane.enter(1)).get(10, TimeUnit.SECONDS)) {
      assertThat(lane.running()).isEqualTo(3);
    }

    slow.close();
    slower.close();
    assertThat(lane.running()).isZero();
  }

  @Test
  void boundsTheSlowOnes() throws Exception {
    Lane lane = new Lane(() -> 1, timer);
    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      Future<?> _ =
          threads.submit(
              () -> {
                try (Lane.Ticket _ = lane.enter(5)) {
                  over.await();
                }
                return null;
              });
    }
    int most = 1 + Lane.SLOW_PER_PLACE;
    await().atMost(Duration.ofSeconds(20)).until(() -> lane.running() == most);
    await().during(Duration.ofSeconds(2)).until(() -> lane.running() == most);

    over.countDown();
    await().until(() -> lane.running() == 0 && lane.waiting() == 0);
  }

  @Test
  void forgetsAWaiterThatIsCalledOff() throws Exception {
    Lane lane = new Lane(() -> 1, timer);
    Lane.Ticket first = lane.enter(5);
    Future<Lane.Ticket> waiter = threads.submit(() -> lane.enter(5));
    await().until(() -> lane.waiting() == 1);

    waiter.cancel(true);

    await().until(() -> lane.waiting() == 0);
    first.close();
    assertThat(lane.running()).isZero();
  }

  private void enter(Lane lane, int priority, String name) {
    int before = lane.waiting();
    Future<?> _ =
        threads.submit(
            () -> {
              try (Lane.Ticket _ = lane.enter(priority)) {
                order.add(name);
              }
              return null;
            });
    await().until(() -> lane.waiting() == before + 1);
  }
}
