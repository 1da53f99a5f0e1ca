package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.http.HostGate.Pass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostBreakersTest {
  private static final String HOST = "feeds.test";

  private final HostBreakers breakers = new HostBreakers();

  @Test
  void leavesAHostAloneAfterFiveSilencesInARow() {
    for (int i = 0; i < 5; i++) {
      enter(HOST).silent();
    }

    assertThat(breakers.enter(HOST)).isEmpty();
    assertThat(breakers.enter("other.test")).isPresent();
  }

  @Test
  void goesOnAskingAHostThatAnswersMoreOftenThanNot() {
    for (int i = 0; i < 30; i++) {
      if (i % 3 == 2) {
        enter(HOST).silent();
      } else {
        enter(HOST).answered();
      }
    }

    assertThat(breakers.enter(HOST)).isPresent();
  }

  @Test
  void leavesAHostAloneOnceHalfOfItsLastTenCallsWereSilent() {
    for (int i = 0; i < 10; i++) {
      enter(HOST).answered();
    }
    for (int i = 0; i < 4; i++) {
      enter(HOST).silent();
    }
    enter(HOST).silent();

    assertThat(breakers.enter(HOST)).isEmpty();
  }

  @Test
  void countsACallThatWasCalledOffAsNeither() {
    for (int i = 0; i < 20; i++) {
      enter(HOST).calledOff();
    }
    for (int i = 0; i < 4; i++) {
      enter(HOST).silent();
    }
    assertThat(breakers.enter(HOST)).isPresent();
  }

  @Test
  void letsCallsUnderWayEndWhenItShuts() {
    List<Pass> underWay = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      underWay.add(enter(HOST));
    }
    underWay.subList(0, 5).forEach(Pass::silent);
    assertThat(breakers.enter(HOST)).isEmpty();

    underWay.subList(5, 8).forEach(Pass::answered);
    assertThat(breakers.enter(HOST)).isEmpty();
  }

  private Pass enter(String host) {
    return breakers.enter(host).orElseThrow();
  }
}
