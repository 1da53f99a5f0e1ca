package io.pulsegrid.core.publish;

import static io.pulsegrid.core.publish.DeliveryState.ARMED;
import static io.pulsegrid.core.publish.DeliveryState.AWAITING_APPROVAL;
import static io.pulsegrid.core.publish.DeliveryState.CANCELLED;
import static io.pulsegrid.core.publish.DeliveryState.DRAFT;
import static io.pulsegrid.core.publish.DeliveryState.FAILED;
import static io.pulsegrid.core.publish.DeliveryState.MISSED;
import static io.pulsegrid.core.publish.DeliveryState.PUBLISHED;
import static io.pulsegrid.core.publish.DeliveryState.RETRY;
import static io.pulsegrid.core.publish.DeliveryState.SCHEDULED;
import static io.pulsegrid.core.publish.DeliveryState.UNCONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryStateTest {
  private static final Map<DeliveryState, Set<DeliveryState>> TABLE =
      Map.of(
          DRAFT, Set.of(SCHEDULED, CANCELLED),
          AWAITING_APPROVAL, Set.of(SCHEDULED, CANCELLED),
          SCHEDULED, Set.of(ARMED, MISSED, CANCELLED, UNCONFIRMED),
          ARMED, Set.of(PUBLISHED, RETRY, SCHEDULED, UNCONFIRMED, FAILED),
          RETRY, Set.of(ARMED, FAILED, MISSED, CANCELLED, UNCONFIRMED),
          UNCONFIRMED, Set.of(PUBLISHED, RETRY, FAILED, CANCELLED),
          FAILED, Set.of(SCHEDULED, CANCELLED),
          PUBLISHED, Set.of(),
          CANCELLED, Set.of(),
          MISSED, Set.of());

  @ParameterizedTest
  @EnumSource
  void followsTheTable(DeliveryState state) {
    assertThat(state.next()).isEqualTo(TABLE.get(state));
  }

  @ParameterizedTest
  @EnumSource(names = {"DRAFT", "AWAITING_APPROVAL"})
  void everyStateCanBeReachedFromADraft(DeliveryState beginning) {
    Set<DeliveryState> reached = reachableFrom(beginning);
    reached.add(beginning);

    assertThat(reached).containsAll(EnumSet.complementOf(EnumSet.of(DRAFT, AWAITING_APPROVAL)));
  }

  @ParameterizedTest
  @EnumSource
  void everyDeliveryCanEnd(DeliveryState state) {
    assertThat(state.ended() || reachableFrom(state).stream().anyMatch(DeliveryState::ended))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheArmedAndTheUnconfirmedBecomePublished(DeliveryState state) {
    assertThat(state.next().contains(PUBLISHED)).isEqualTo(state == ARMED || state == UNCONFIRMED);
  }

  @ParameterizedTest
  @EnumSource
  void nothingThatIsBeingSentOrEndedCanBeEdited(DeliveryState state) {
    assertThat(state.editable() && state.ended()).isFalse();
    assertThat(state.editable())
        .isEqualTo(Set.of(DRAFT, AWAITING_APPROVAL, SCHEDULED).contains(state));
  }

  @Test
  void doubtNeverGoesBackToSendingByItself() {
    assertThat(UNCONFIRMED.next()).doesNotContain(ARMED, SCHEDULED);
    assertThat(ARMED.next()).doesNotContain(CANCELLED, MISSED);
  }

  private static Set<DeliveryState> reachableFrom(DeliveryState state) {
    Set<DeliveryState> reached = EnumSet.noneOf(DeliveryState.class);
    Deque<DeliveryState> open = new ArrayDeque<>(state.next());
    while (!open.isEmpty()) {
      DeliveryState next = open.pop();
      if (reached.add(next)) {
        open.addAll(next.next());
      }
    }
    return reached;
  }
}
