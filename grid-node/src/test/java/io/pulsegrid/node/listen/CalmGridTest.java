package io.pulsegrid.node.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CalmGridTest {
  private final CalmGrid grid = new CalmGrid();
  private long now = Duration.ofDays(1).toNanos();

  @Test
  void remembersForAMomentWhatACalmGridSaid() {
    becomesCalm();
    assertThat(grid.remembers(7, now)).isTrue();
    now += CalmGrid.REMEMBERED.toNanos();
    assertThat(grid.remembers(7, now)).isFalse();
  }

  @Test
  void remembersNothingForAWhileAfterNodesCameOrWent() {
    becomesCalm();
    assertThat(grid.remembers(8, now)).isFalse();
    now += CalmGrid.CALM_AFTER.toNanos();
    grid.ask(false, now);
    assertThat(grid.remembers(8, now)).isFalse();
    now++;
    assertThat(grid.remembers(8, now)).isTrue();
  }

  @Test
  void remembersNothingWhileAnythingIsLost() {
    becomesCalm();
    grid.ask(true, now);
    assertThat(grid.remembers(7, now)).isFalse();
    grid.ask(false, now);
    assertThat(grid.remembers(7, now)).isTrue();
  }

  @Test
  void remembersNothingAtItsBeginning() {
    assertThat(grid.remembers(7, now)).isFalse();
    now += CalmGrid.CALM_AFTER.toNanos() + 1;
    assertThat(grid.remembers(7, now)).isFalse();
  }

  private void becomesCalm() {
    assertThat(grid.remembers(7, now)).isFalse();
    now += CalmGrid.CALM_AFTER.toNanos() + 1;
    grid.ask(false, now);
  }
}
