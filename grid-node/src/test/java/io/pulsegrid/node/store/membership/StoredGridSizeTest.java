package io.pulsegrid.node.store.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.ExpectedSize;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.TestStore;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StoredGridSizeTest {
  private final JdbcClient jdbc = TestStore.fresh().jdbc();
  private final StoredGridSize size = new StoredGridSize(jdbc);

  @Test
  void beginsWithOneNode() {
    assertThat(size.read()).isEqualTo(new Size(1, 1));
  }

  @Test
  void isChangedByWhoeverSawItLast() {
    Size seen = size.read();
    assertThat(size.change(seen, 3)).isTrue();
    assertThat(size.change(seen, 4)).isFalse();
    assertThat(size.read()).isEqualTo(new Size(3, 2));
  }

  @Test
  void isHeldByOneNodeWhileItIsHeardOf() {
    assertThat(size.hold("a", Set.of())).isEmpty();
    assertThat(size.hold("b", Set.of("b"))).contains("a");
    assertThat(size.hold("a", Set.of("a"))).isEmpty();

    passed(ExpectedSize.HELD_FOR.minusSeconds(2));
    assertThat(size.hold("b", Set.of("b"))).contains("a");
    passed(Duration.ofSeconds(2));
    assertThat(size.hold("b", Set.of("b"))).isEmpty();
    assertThat(size.hold("a", Set.of("a"))).contains("b");
  }

  @Test
  void isHeldByAnyOfTheNodesThatSeeEachOther() {
    assertThat(size.hold("a", Set.of("a"))).isEmpty();
    assertThat(size.hold("b", Set.of("a", "b"))).isEmpty();
    assertThat(size.hold("c", Set.of("c"))).contains("b");
  }

  private void passed(Duration time) {
    jdbc.sql("UPDATE grid_size SET held_at = held_at - ? * interval '1 second'")
        .param(time.toSeconds())
        .update();
  }

  @Test
  void saysThatTheStoreIsAway() {
    var nowhere =
        new StoredGridSize(
            JdbcClient.create(
                TestPostgres.pool("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1")));
    assertThatThrownBy(nowhere::read)
        .isInstanceOfSatisfying(
            PulsegridException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNAVAILABLE));
  }
}
