package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue that was going out until its node was started again. */
class LongQueueTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final EngineFixture fixture = new EngineFixture(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void goesOnAsFastAsItCan() {
    String channel = fixture.channel("t-long");
    // As many late ones in five minutes as no spread lets out.
    int most = (int) CatchUp.SHORT.dividedBy(EngineFixture.CATCH_UP) + 2;
    for (int i = 0; i < most; i++) {
      fixture.publish(channel, "gone " + i);
    }
    fixture.base.jdbc.update(
        """
        UPDATE delivery SET state = 'PUBLISHED', due_at = due_at - interval '1 hour',
          changed_at = now(), fence = fence + 1
        """);
    List<Delivery> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(fixture.publish(channel, "late " + i));
    }
    fixture.base.jdbc.update(
        """
        UPDATE delivery SET due_at = due_at - interval '1 hour', fence = fence + 1
        WHERE state = 'SCHEDULED'
        """);
    fixture.start();

    waiting.forEach(
        one ->
            await()
                .atMost(SOON)
                .untilAsserted(
                    () -> assertThat(fixture.state(one)).isEqualTo(DeliveryState.PUBLISHED)));
    List<Instant> sent =
        waiting.stream()
            .map(
                one ->
                    fixture
                        .publishing()
                        .attempts(LedgerFixture.WORKSPACE, one.id())
                        .getFirst()
                        .startedAt())
            .sorted()
            .toList();
    assertThat(Duration.between(sent.getFirst(), sent.getLast()))
        .isLessThan(EngineFixture.CATCH_UP);
  }
}
