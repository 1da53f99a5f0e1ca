package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Long random lives of a delivery: calls, crashes, sweeps, probes and people in any order. */
class NothingDoublesNothingIsLostTest {
  private static final int LIVES = 20_000;
  private static final int EVENTS = 120;

  @Test
  void noSequenceOfEventsPublishesTwiceOrLosesADelivery() {
    Map<DeliveryState, Integer> ends = new EnumMap<>(DeliveryState.class);
    for (long seed = 0; seed < LIVES; seed++) {
      PublishingWorld world = new PublishingWorld(seed);
      for (int i = 0; i < EVENTS; i++) {
        world.anything();
        assertThat(world.posts()).as("seed %d: %s", seed, world.story()).isLessThanOrEqualTo(1);
      }
      world.recover();
      check(seed, world);
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

  private static void check(long seed, PublishingWorld world) {
    DeliveryState state = world.row().state();
    String what = "seed " + seed + ": " + world.story();
    assertThat(world.posts()).as(what).isLessThanOrEqualTo(1);
    Doubt doubt = world.row().doubt();
    boolean waitsInSight =
        state == DeliveryState.UNCONFIRMED && doubt != null && doubt.nextProbeAt() == null;
    assertThat(state.ended() || waitsInSight).as(what).isTrue();
    if (state == DeliveryState.PUBLISHED) {
      assertThat(world.posts()).as(what).isEqualTo(1);
    } else if (state.ended()) {
      assertThat(world.posts()).as(what).isZero();
    }
  }
}
