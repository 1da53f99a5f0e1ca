package io.pulsegrid.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real pool on a real Postgres, on a way that somebody cuts without a word. */
class StorePoolTest {
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void givesUpAConnectionThatFallsSilentAndComesBackWhenTheWayDoes() throws Exception {
    String url = TestPostgres.freshUrl();
    URI store = URI.create(url.substring("jdbc:".length()));
    try (CutWay way = new CutWay(store.getHost(), store.getPort());
        HikariDataSource pool =
            StorePool.open(
                new StoreSettings(
                    url.replace(store.getHost() + ":" + store.getPort(), "127.0.0.1:" + way.port()),
                    null,
                    null,
                    4,
                    SILENCE,
                    SILENCE),
                Path.of("unused"))) {
      JdbcClient jdbc = JdbcClient.create(pool);
      assertThat(one(jdbc)).isOne();

      way.cut();
      assertThatThrownBy(() -> one(jdbc))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.UNAVAILABLE));

      way.heal();
      await().ignoreExceptions().untilAsserted(() -> assertThat(one(jdbc)).isOne());
    }
  }

  private static int one(JdbcClient jdbc) {
    return StoreAway.told(() -> jdbc.sql("SELECT 1").query(Integer.class).single());
  }
}
