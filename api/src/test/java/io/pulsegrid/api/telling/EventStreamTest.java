package io.pulsegrid.api.telling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.telling.Event;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventStreamTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final EventStream stream =
      new EventStream(_ -> true, new EventFrames(new EventBody(JsonMapper.builder().build())));

  /** A client that takes nothing until it is told to. */
  private static final class SlowClient extends OutputStream {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch reads = new CountDownLatch(1);
    final ByteArrayOutputStream read = new ByteArrayOutputStream();

    @Override
    public void write(int one) {
      throw new UnsupportedOperationException("frames are written whole");
    }

    @Override
    public void write(byte[] bytes) {
      asked.countDown();
      try {
        reads.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      read.writeBytes(bytes);
    }

    List<String> ids() {
      return read.toString(StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("id: "))
          .toList();
    }
  }

  @Test
  void goesAsFastAsItsClientReadsAndDropsNothing() throws Exception {
    int events = 3 * EventStream.BEHIND;
    SlowClient client = new SlowClient();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> pumping = threads.submit(() -> pump(client));
      assertThat(client.asked.await(10, TimeUnit.SECONDS)).isTrue();
      Future<?> telling =
          threads.submit(
              () -> {
                IntStream.range(0, events).forEach(i -> stream.tell(event(i)));
                stream.finish();
              });
      await().during(Duration.ofMillis(300)).until(() -> !telling.isDone());
      assertThat(client.ids()).isEmpty();

      client.reads.countDown();

      telling.get(10, TimeUnit.SECONDS);
      pumping.get(10, TimeUnit.SECONDS);
    }
    assertThat(client.ids())
        .isEqualTo(IntStream.range(0, events).mapToObj(i -> "id: e" + i).toList());
  }

  @Test
  void whoeverTellsIsLetGoWhenTheStreamEnds() throws Exception {
    SlowClient client = new SlowClient();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> pumping = threads.submit(() -> pump(client));
      assertThat(client.asked.await(10, TimeUnit.SECONDS)).isTrue();
      Future<?> telling =
          threads.submit(
              () -> IntStream.range(0, 5 * EventStream.BEHIND).forEach(i -> stream.tell(event(i))));
      await().during(Duration.ofMillis(300)).until(() -> !telling.isDone());

      stream.end();

      telling.get(10, TimeUnit.SECONDS);
      client.reads.countDown();
      pumping.get(10, TimeUnit.SECONDS);
    }
  }

  private boolean pump(OutputStream out) throws Exception {
    stream.pump(
        out,
        Collections.emptyIterator(),
        Duration.ofSeconds(30),
        InstantSource.fixed(NOON),
        () -> true);
    return true;
  }

  private static Event event(int number) {
    return new Event(
        "e" + number,
        WorkspaceId.DEFAULT,
        NOON,
        new Event.Subject.OfDelivery(
            new Delivery(
                "d" + number,
                WorkspaceId.DEFAULT,
                "p1",
                "c1",
                DeliveryState.PUBLISHED,
                NOON,
                1,
                new Delivery.Result("99", null, null),
                4)));
  }
}
