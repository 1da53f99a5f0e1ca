package io.pulsegrid.node.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.config.NetSettings;
import io.pulsegrid.node.config.RetentionSettings;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.store.PostgresClock;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.apache.ignite.Ignite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ExtendWith(OutputCaptureExtension.class)
class AccessWiringTest {
  @TempDir private Path data;

  @Test
  void theFirstStartShowsItsKeyOnceAndLaterStartsKnowIt(CapturedOutput output) {
    DataSource store = TestPostgres.fresh();
    try (GridFixture grid = GridFixture.of(1);
        ScheduledExecutorService polling = Executors.newSingleThreadScheduledExecutor();
        LiveConfig config = LiveConfig.open(data, polling)) {
      ApplicationContextRunner node = node(store, grid.node(0), config);

      node.run(context -> assertThat(context).hasNotFailed());
      String token = firstLine(data.resolve("admin.key"));
      assertThat(output.getOut()).containsOnlyOnce(token).contains("admin.key");

      node.run(
          context -> {
            assertThat(context.getBean(Keys.class).authenticate(token).orElseThrow().scopes())
                .containsExactly(Scope.ADMIN);
            assertThat(context.getBean(PostgresClock.class).trusted()).isTrue();
            assertThat(context).hasSingleBean(Channels.class).hasSingleBean(Limits.class);
            assertThat(context.getBean(Connectors.class).all())
                .extracting(Publisher::platform)
                .contains("bluesky", "mastodon", "webhook");
            Instant now = context.getBean(PostgresClock.class).instant();
            Permits.Wanted wanted = new Permits.Wanted("c", "mastodon", 400, now.plusSeconds(60));
            assertThat(
                    context
                        .getBean(Permits.class)
                        .grantAll(List.of(wanted), List.of(), now)
                        .getFirst()
                        .permits())
                .hasSize(300);
          });
      assertThat(output.getOut()).containsOnlyOnce(token);
    }
  }

  private ApplicationContextRunner node(DataSource store, Ignite ignite, LiveConfig config) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                TransactionAutoConfiguration.class))
        .withBean(DataSource.class, () -> store, bean -> bean.setDestroyMethodName(""))
        .withBean(Ignite.class, () -> ignite, bean -> bean.setDestroyMethodName(""))
        .withBean(Ledger.class, () -> ledger(store))
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean(RetentionSettings.class, AccessWiringTest::retention)
        .withBean(LiveConfig.class, () -> config, bean -> bean.setDestroyMethodName(""))
        .withBean(DirectorySettings.class, () -> new DirectorySettings(data, data))
        .withBean(NetSettings.class, () -> new NetSettings(true))
        .withBean(GridSettings.class, AccessWiringTest::gridSettings)
        .withUserConfiguration(
            AccessWiring.class,
            ClockWiring.class,
            ConnectorWiring.class,
            LimitsWiring.class,
            ReadingWiring.class,
            TidyingWiring.class);
  }

  private static Ledger ledger(DataSource store) {
    return Ledger.of(
        new JdbcTemplate(store),
        new TransactionTemplate(new JdbcTransactionManager(store)),
        Duration.ofSeconds(5));
  }

  private static RetentionSettings retention() {
    return new RetentionSettings(
        Duration.ofDays(365),
        Duration.ofDays(7),
        Duration.ofDays(365),
        Duration.ofDays(90),
        Duration.ofDays(365),
        Duration.ofMinutes(10));
  }

  private static GridSettings gridSettings() {
    return GridFixture.settings("any", 47500, 47100, List.of("127.0.0.1:47500"));
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
