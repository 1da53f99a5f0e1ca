package io.pulsegrid.node.store.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.ExpectedSize.Size;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.TestStore;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StoredGridSizeTest {
  private final StoredGridSize size = new StoredGridSize(TestStore.fresh().jdbc());

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
