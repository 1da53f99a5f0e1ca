package io.pulsegrid.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class MigrationTest {
  @Test
  void aFreshStoreHasAnIdAndTheDefaultWorkspace() {
    var jdbc = JdbcClient.create(TestPostgres.fresh());

    assertThat(jdbc.sql("SELECT store_id FROM installation").query(UUID.class).single())
        .isNotNull();
    assertThat(jdbc.sql("SELECT id FROM workspace").query(String.class).list())
        .containsExactly("default");
    assertThat(jdbc.sql("SELECT paused FROM queue_switch").query(Boolean.class).single()).isFalse();
  }

  @Test
  void twoStoresNeverShareAnIdOrARow() {
    var one = JdbcClient.create(TestPostgres.fresh());
    var other = JdbcClient.create(TestPostgres.fresh());
    one.sql("INSERT INTO workspace (id) VALUES ('only-here')").update();

    assertThat(other.sql("SELECT count(*) FROM workspace").query(Integer.class).single())
        .isEqualTo(1);
  }
}
