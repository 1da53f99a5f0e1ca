package io.pulsegrid.node.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {
  @TempDir Path data;

  @AfterEach
  void stopWhatStillRuns() throws Exception {
    serverPid().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    Awaitility.await().until(() -> serverPid().flatMap(ProcessHandle::of).isEmpty());
  }

  @Test
  void keepsItsRowsOverAStopAndAKill() throws Exception {
    try (var first = EmbeddedStore.start(data)) {
      execute(first.url(), "CREATE TABLE kept (n int)");
      execute(first.url(), "INSERT INTO kept VALUES (1)");
    }
    assertThat(serverPid()).isEmpty();

    String second = EmbeddedStore.start(data).url();
    execute(second, "INSERT INTO kept VALUES (2)");
    long killed = serverPid().orElseThrow();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ProcessHandle.of(killed).isEmpty());

    try (var third = EmbeddedStore.start(data)) {
      assertThat(number(third.url(), "SELECT count(*) FROM kept")).isEqualTo(2);
      assertThat(number(third.url(), "SELECT count(*) FROM pg_stat_statements")).isPositive();
    }
  }

  @Test
  void comesBackAtItsAddressAfterAKillButNotAfterAStop() throws Exception {
    var store = EmbeddedStore.start(data);
    execute(store.url(), "CREATE TABLE kept (n int)");
    assertThat(store.revive()).as("it lives").isFalse();

    long killed = serverPid().orElseThrow();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions() // its orphans may live a moment longer
        .until(store::revive);
    assertThat(number(store.url(), "SELECT count(*) FROM kept")).isZero();
    assertThat(serverPid()).isPresent().isNotEqualTo(java.util.Optional.of(killed));

    store.close();
    assertThat(store.revive()).as("it was stopped").isFalse();
    assertThat(serverPid()).isEmpty();
  }

  @Test
  void findsTheServerThatStillRuns() throws Exception {
    String url = EmbeddedStore.start(data).url();
    long pid = serverPid().orElseThrow();
    try (var again = EmbeddedStore.start(data)) {
      assertThat(again.url()).isEqualTo(url);
      assertThat(serverPid()).contains(pid);
    }
    assertThat(serverPid()).isEmpty();
  }

  @Test
  void startsOverTheMarkOfAProcessThatIsNoServer() throws Exception {
    EmbeddedStore.start(data).close();
    Files.writeString(
        data.resolve("postgres/postmaster.pid"), ProcessHandle.current().pid() + "\n");
    try (var again = EmbeddedStore.start(data)) {
      assertThat(number(again.url(), "SELECT 1")).isEqualTo(1);
    }
  }

  @Test
  void keepsItsAddressPrivateAndAsksForThePassword() throws Exception {
    try (var store = EmbeddedStore.start(data)) {
      Path file = data.resolve("postgres.url");
      assertThat(Files.readString(file).strip()).isEqualTo(store.url());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThatThrownBy(
              () -> execute(store.url().replaceFirst("password=.*", "password=guess"), "SELECT 1"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password");
    }
  }

  private java.util.Optional<Long> serverPid() throws Exception {
    var pid = ServerFile.of(data.resolve("postgres")).livingServer();
    return pid.isPresent() ? java.util.Optional.of(pid.getAsLong()) : java.util.Optional.empty();
  }

  private static void execute(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }
}
