package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long random lives of a delivery: calls, crashes, sweeps, probes and people in any order. */
class NothingDoublesNothingIsLostTest {
  private static final int LIVES = 20_000;

  /** So many before a flaw that takes rare luck is given up on. */
  private static final int LIVES_WITH_A_FLAW = 200_000;

  private static final int EVENTS = 150;

  @Test
  void noSequenceOfEventsPublishesTwiceOrLosesADelivery() {
    Map<DeliveryState, Integer> ends = new EnumMap<>(DeliveryState.class);
    for (long seed = 0; seed < LIVES; seed++) {
      PublishingWorld world = new PublishingWorld(seed, Flaw.NONE);
      assertThat(broken(world)).as("seed %d: %s", seed, world.story()).isEmpty();
      ends.merge(world.row().state(), 1, Integer::sum);
    }
    // The walk is worth something only if it reaches every end.
    assertThat(ends)
        .containsKeys(
            DeliveryState.PUBLISHED,
            DeliveryState.FAILED,
            DeliveryState.MISSED,
            DeliveryState.CANCELLED,
            DeliveryState.UNCONFIRMED);
  }

  /** ... and only if it would find out what it is there to find out. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aLedgerWithAFlawIsFoundOut(Flaw flaw) {
    Optional<String> found =
        LongStream.range(0, LIVES_WITH_A_FLAW)
            .mapToObj(seed -> broken(new PublishingWorld(seed, flaw)))
            .flatMap(Optional::stream)
            .findFirst();

    assertThat(found).isPresent();
  }

  /** Lives one life; what went wrong in it. */
  private static Optional<String> broken(PublishingWorld world) {
    for (int i = 0; i < EVENTS; i++) {
      world.anything();
      if (world.broken().isPresent()) {
        return world.broken();
      }
    }
    world.recover();
    return world.broken().or(world::lost);
  }
}
