package io.pulsegrid.node.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;

class StartRefusalTest {
  @TempDir Path data;

  @Test
  void namesTheKeyTheRuleAndTheValue() {
    assertThat(refusal("--pulsegrid.store.pool=1"))
        .isEqualTo("pulsegrid.store.pool must be between 4 and 200, was 1");
  }

  @Test
  void namesWhatAValueShouldHaveBeen() {
    assertThat(refusal("--pulsegrid.store.pool=many"))
        .startsWith("pulsegrid.store.pool must be a whole number, was many");
    assertThat(refusal("--pulsegrid.net.allow-private=perhaps"))
        .startsWith("pulsegrid.net.allow-private must be true or false, was perhaps");
    assertThat(refusal("--pulsegrid.log.format=xml"))
        .startsWith("pulsegrid.log.format must be one of plain, json, was xml");
    assertThat(refusal("--pulsegrid.retention.every=soon"))
        .startsWith(
            "pulsegrid.retention.every must be a duration such as 30s, 5m or P7D, was soon");
  }

  @Test
  void namesAnUnknownKeyAndWhereItStands() {
    assertThat(refusal("--pulsegrid.store.pol=8"))
        .startsWith("pulsegrid.store.pol is not a known key")
        .contains("commandLineArgs");
  }

  @Test
  void refusesADirectoryThatARunningNodeHolds() {
    try (var first = application().run(arguments())) {
      assertThat(first.isRunning()).isTrue();
      assertThat(refusal())
          .isEqualTo(
              data.resolve("node-0")
                  + " is in use by a running node (pid "
                  + ProcessHandle.current().pid()
                  + "); stop it first, or choose another directory with --data");
    }
  }

  @Test
  void refusesABadLiveFile() throws Exception {
    Files.writeString(data.resolve("sources.yml"), "kinds: {feed: {every: never}}");
    assertThat(refusal())
        .isEqualTo(
            data.resolve("sources.yml")
                + ": kinds.feed.every: must be a duration such as 30s, 5m or PT5M, was never");
  }

  @Test
  void saysWhenTheTablesAreAnotherVersions() throws Exception {
    DataSource store = TestPostgres.fresh();
    try (var connection = store.getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
    }
    assertThat(
            StartRefusal.line(
                catchThrowable(() -> Flyway.configure().dataSource(store).load().migrate())))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("the store's tables were made by another version of Pulsegrid")
                    .contains("version 1")
                    .doesNotContain("\n"));
  }

  @Test
  void leavesOtherFailuresTheirStackTrace() {
    assertThat(StartRefusal.line(new IllegalStateException("a bug"))).isEmpty();
  }

  private String refusal(String... more) {
    return StartRefusal.line(catchThrowable(() -> application().run(arguments(more)).close()))
        .orElse("started, or failed otherwise");
  }

  private static SpringApplication application() {
    var application = new SpringApplication(ConfigWiring.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    return application;
  }

  private String[] arguments(String... more) {
    var all = new String[more.length + 2];
    all[0] = "--pulsegrid.data=" + data;
    all[1] = "--pulsegrid.config=" + data;
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }
}
