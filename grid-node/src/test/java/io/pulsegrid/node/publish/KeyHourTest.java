package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryEvent;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Doubt;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher.Probe;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A delivery whose end is unknown and that nothing lets out again, a throttle or a pause, for as
 * long as its platform remembers its key and beyond.
 */
class KeyHourTest {
  private static final Duration KEY_MEMORY = Duration.ofHours(1);

  /** How often the sweep and the questions come round in a minute; a cycle shows at once. */
  private static final int ROUNDS = 5;

  private final LedgerFixture fixture = new LedgerFixture();
  private final String channel = fixture.channel();

  @Test
  void aKeyThatLapsesIsAskedAboutOnceAndToldOnce() {
    Delivery delivery = fixture.due(channel);
    settle(
        fixture.decisions.called(
            fixture.arm(delivery).charge(), new Outcome.Ambiguous(0, "timeout"), Instant.now()));

    for (int minute = 0; minute < 75; minute++) {
      fixture.age(delivery, Duration.ofMinutes(1));
      for (int round = 0; round < ROUNDS; round++) {
        sweep();
        ask();
      }
    }

    assertThat(fixture.state(delivery)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(count("attempt WHERE outcome = 'swept'")).isEqualTo(1);
    // Of the call, and of the key.
    assertThat(count("alert")).isEqualTo(2);
  }

  private void sweep() {
    for (Charge charge : fixture.ledger.sweeps().keysLapsed(LedgerFixture.TIMES, 10)) {
      settle(fixture.decisions.swept(charge, new DeliveryEvent.KeyLapsed(), "its key lapsed"));
    }
  }

  /** As a platform answers that does not have it. */
  private void ask() {
    for (Sendable sendable : fixture.ledger.doubts().toProbe(channel, Duration.ofMinutes(1), 10)) {
      Doubt doubt = Objects.requireNonNull(sendable.charge().standing().doubt());
      Instant until = doubt.since().plus(KEY_MEMORY);
      Probe answer = new Probe.NotFound(until.isAfter(Instant.now()) ? until : null);
      settle(
          fixture.decisions.probed(
              sendable.charge(),
              new DeliveryEvent.Probed(answer, false, LedgerFixture.TIMEOUT),
              Instant.now()));
    }
  }

  private void settle(Settlement settlement) {
    fixture.ledger.settlements().settle(List.of(settlement));
  }

  private long count(String of) {
    return Objects.requireNonNull(
        fixture.jdbc.queryForObject("SELECT count(*) FROM " + of, Long.class));
  }
}
