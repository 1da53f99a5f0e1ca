package io.pulsegrid.node.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.LiveConfig;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.grid.ExitCode;
import io.pulsegrid.node.store.TestPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.quartz.autoconfigure.QuartzAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

/** That Boot's Quartz runs clustered on our store, and makes our jobs. */
class SourcesWiringTest {
  @TempDir Path directory;
  private final List<String> taken = new CopyOnWriteArrayList<>();

  @Test
  void collectsASourceOnceTheNodeIsReadyAndNoneOnceItLeaves() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] feed =
        "<rss version=\"2.0\"><channel><item><title>A</title></item></channel></rss>"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/f",
        exchange -> {
          exchange.sendResponseHeaders(200, feed.length);
          exchange.getResponseBody().write(feed);
          exchange.close();
        });
    server.start();
    try {
      runner()
          .run(
              context -> {
                Scheduler scheduler = context.getBean(Scheduler.class);
                assertThat(scheduler.getMetaData().isJobStoreClustered()).isTrue();
                assertThat(scheduler.isStarted()).isFalse();
                context
                    .getBean(Sources.class)
                    .create(
                        WorkspaceId.DEFAULT,
                        new Source.Spec(
                            "feed",
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/f"),
                            new Schedule.Every(Duration.ofHours(1)),
                            5),
                        Source.Credentials.NONE);

                context.publishEvent(
                    new ApplicationReadyEvent(
                        new SpringApplication(),
                        new String[0],
                        context.getSourceApplicationContext(),
                        Duration.ZERO));

                await().untilAsserted(() -> assertThat(taken).containsExactly("A"));
                assertThat(scheduler.isInStandbyMode()).isFalse();

                // Visits of a node that the grid has cut off would come to nothing.
                context.getBean(Departure.class).leave(ExitCode.GRID_FAILED, "This is a test");
                assertThat(scheduler.isInStandbyMode()).isTrue();
              });
    } finally {
      server.stop(0);
    }
  }

  private ApplicationContextRunner runner() {
    Intake intake =
        (workspace, posts) ->
            posts.stream()
                .<Intake.Receipt>map(
                    post -> {
                      taken.add(String.valueOf(post.content().title()));
                      return new Intake.Receipt.Accepted(
                          PostId.of(
                              workspace, post.content().platform(), post.content().nativeId()));
                    })
                .toList();
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                QuartzAutoConfiguration.class))
        .withUserConfiguration(ClockWiring.class, ReadingWiring.class, SourcesWiring.class)
        .withBean(DataSource.class, TestPostgres::fresh)
        .withBean(
            Departure.class, () -> new Departure(Thread.ofPlatform().daemon().factory(), _ -> {}))
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean(AddressPolicy.class, () -> new AddressPolicy(true, InetAddress::getAllByName))
        .withBean(
            LiveConfig.class,
            () ->
                LiveConfig.open(
                    directory,
                    Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().factory())))
        .withBean(CredentialCipher.class, this::cipher)
        .withBean(Intake.class, () -> intake);
  }

  private CredentialCipher cipher() {
    SecureRandom random = new SecureRandom();
    return new CredentialCipher(
        CredentialKey.readOrCreate(CredentialKey.fileIn(directory), random), random);
  }
}
