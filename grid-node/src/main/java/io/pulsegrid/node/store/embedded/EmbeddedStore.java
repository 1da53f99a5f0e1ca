package io.pulsegrid.node.store.embedded;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.store.DirectConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own below the data directory, reachable from this machine alone. It runs as a
 * process in a session of its own, so it outlives whoever started it: a later {@link #start} finds
 * it again. Every commit is on disk when it is answered; nothing here is traded for speed.
 */
public final class EmbeddedStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedStore.class);
  private static final String NAME = "pulsegrid";
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)/");

  private final Path directory;
  private final Path urlFile;
  private final Path logFile;
  private final Commands commands;
  private String url = "";

  private EmbeddedStore(Path data) throws IOException {
    this.directory = data.resolve("postgres");
    this.urlFile = data.resolve("postgres.url");
    this.logFile = Files.createDirectories(data.resolve("logs")).resolve("postgres.log");
    this.commands = Commands.of(Binaries.unpacked(data).programs(), data);
  }

  /**
   * Starts it, or finds it running; {@code <data>/postgres.url} then holds its address.
   *
   * @throws PulsegridException {@code UNAVAILABLE} with the reason when it does not start
   */
  public static EmbeddedStore start(Path data) {
    try {
      var store = new EmbeddedStore(Files.createDirectories(data).toRealPath());
      store.startOrFind();
      return store;
    } catch (IOException e) {
      throw PulsegridException.of(
          FailureCode.UNAVAILABLE, "the embedded PostgreSQL did not start: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PulsegridException.of(FailureCode.UNAVAILABLE, "interrupted while PostgreSQL starts");
    }
  }

  /** Its JDBC URL with user and password. */
  public String url() {
    return url;
  }

  /**
   * Starts it again at its address if it has died: killed, out of memory, without room for its log.
   * One that somebody stopped in good order stays stopped. What a crash left behind is recovered by
   * PostgreSQL itself.
   *
   * @return whether it had died and runs again
   * @throws PulsegridException {@code UNAVAILABLE} with the reason when it does not start yet
   */
  public boolean revive() {
    try {
      ServerFile mark = ServerFile.of(directory);
      if (mark.livingServer().isPresent() || ControlFile.of(directory).saysStopped()) {
        return false;
      }
      mark.forgetStranger();
      launch();
      return true;
    } catch (IOException e) {
      throw PulsegridException.of(
          FailureCode.UNAVAILABLE, "the embedded PostgreSQL does not start again: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PulsegridException.of(FailureCode.UNAVAILABLE, "interrupted while PostgreSQL starts");
    }
  }

  /** Stops it, disconnecting who is still connected; what was committed is on disk. */
  @Override
  public void close() {
    try {
      if (ServerFile.of(directory).livingServer().isPresent()) {
        commands.run(
            "pg_ctl", List.of("stop", "-D", directory.toString(), "-m", "fast", "-w", "-t", "60"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startOrFind() throws IOException, InterruptedException {
    if (!Files.exists(directory)) {
      initialise();
    }
    url = Files.readString(urlFile).strip();
    if (awaitRunning()) {
      log.info("Found the embedded PostgreSQL running");
      return;
    }
    ServerFile.of(directory).forgetStranger();
    int port = usablePort();
    url = PORT.matcher(url).replaceFirst("127.0.0.1:" + port + "/");
    writePrivately(urlFile, url + "\n");
    Files.writeString(directory.resolve("pulsegrid.conf"), ServerSettings.text(port));
    if (Files.exists(logFile) && Files.size(logFile) > 10_000_000) {
      Files.move(
          logFile, logFile.resolveSibling("postgres.1.log"), StandardCopyOption.REPLACE_EXISTING);
    }
    launch();
    prepareDatabase();
  }

  private void launch() throws IOException, InterruptedException {
    commands.run(
        "pg_ctl",
        List.of(
            "start",
            "-D",
            directory.toString(),
            "-l",
            logFile.toString(),
            "-w",
            "-t",
            // Long enough to recover from the end of a machine in the middle of heavy writing.
            "300"));
  }

  /** Whether a server of this directory answers; waits for one that is just starting or ending. */
  private boolean awaitRunning() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 150; attempt++) {
      var pid = ServerFile.of(directory).livingServer();
      if (pid.isEmpty()) {
        return false;
      }
      if (answers()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw PulsegridException.of(
        FailureCode.UNAVAILABLE,
        "a PostgreSQL process holds " + directory + " but does not answer; see " + logFile);
  }

  private boolean answers() throws IOException {
    try (var connection = DirectConnection.to(url, new Properties());
        var statement = connection.createStatement();
        var result = statement.executeQuery("SHOW data_directory")) {
      return result.next() && Path.of(result.getString(1)).toRealPath().equals(directory);
    } catch (SQLException e) {
      return false;
    }
  }

  private void initialise() throws IOException, InterruptedException {
    // Renamed when complete: a directory that exists is one that was made to the end.
    Path part = directory.resolveSibling("postgres.part");
    Binaries.deleteTree(part);
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    String password = HexFormat.of().formatHex(secret);
    Path passwordFile = directory.resolveSibling("postgres.password");
    writePrivately(passwordFile, password + "\n");
    try {
      commands.run(
          "initdb",
          List.of(
              "-D",
              part.toString(),
              "-U",
              NAME,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--data-checksums"));
    } finally {
      Files.delete(passwordFile);
    }
    Files.writeString(
        part.resolve("postgresql.conf"),
        "include 'pulsegrid.conf'\n",
        java.nio.file.StandardOpenOption.APPEND);
    writePrivately(
        urlFile,
        "jdbc:postgresql://127.0.0.1:0/%s?user=%s&password=%s\n".formatted(NAME, NAME, password));
    Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private void prepareDatabase() {
    String maintenance = url.replace("/" + NAME + "?", "/postgres?");
    try (var connection = DirectConnection.to(maintenance, new Properties());
        var statement = connection.createStatement();
        var found =
            statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
      if (!found.next()) {
        statement.execute("CREATE DATABASE " + NAME);
      }
    } catch (SQLException e) {
      throw unprepared(e);
    }
    try (var connection = DirectConnection.to(url, new Properties());
        var statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    } catch (SQLException e) {
      throw unprepared(e);
    }
  }

  private static PulsegridException unprepared(SQLException e) {
    return PulsegridException.of(
        FailureCode.UNAVAILABLE, "the embedded PostgreSQL did not take its database: " + e, e);
  }

  /** The port of last time when it is free, so that an open client finds it again. */
  private int usablePort() throws IOException {
    var last = PORT.matcher(url);
    int port = last.find() ? Integer.parseInt(last.group(1)) : 0;
    return bindable(port).orElseGet(() -> bindable(0).orElseThrow());
  }

  private static Optional<Integer> bindable(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return Optional.of(socket.getLocalPort());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
