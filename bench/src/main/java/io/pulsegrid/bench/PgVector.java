package io.pulsegrid.bench;

import io.pulsegrid.node.store.embedded.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The peer of search in SQL: pgvector in this machine's own PostgreSQL, its graph built with the
 * figures that Lucene has by default. It is given the memory to hold everything, and its graph is
 * built once, when all rows are in: nothing is quicker for it.
 */
final class PgVector implements AutoCloseable {
  /** Said where this machine has none. */
  static final String ABSENT =
      "pgvector is left out: install PostgreSQL with its extension vector, such as Debian's package"
          + " postgresql-17-pgvector";

  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");
  private static final Path EXTENSIONS = Path.of("/usr/share/postgresql");
  private static final String USER = "bench";

  private final Connection connection;
  private final PreparedStatement insert;
  private final Runnable stop;

  private PgVector(Connection connection, int dimensions, Runnable stop) throws SQLException {
    this.connection = connection;
    this.stop = stop;
    execute("CREATE EXTENSION IF NOT EXISTS vector");
    execute(
        "CREATE TABLE IF NOT EXISTS post (number int PRIMARY KEY, platform text NOT NULL, vector"
            + " vector(%d) NOT NULL)".formatted(dimensions));
    // A setting is known once the extension has been used, and this one only since version 0.8.
    execute("SELECT '[1]'::vector");
    execute(
        "SELECT set_config(name, 'relaxed_order', false) FROM pg_settings"
            + " WHERE name = 'hnsw.iterative_scan'");
    insert =
        connection.prepareStatement(
            "INSERT INTO post VALUES (?, ?, ?)"
                + " ON CONFLICT (number) DO UPDATE SET vector = excluded.vector");
  }

  /** The programs of this machine's newest PostgreSQL that has pgvector. */
  static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(PROGRAMS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PROGRAMS)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("[0-9]+"))
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .filter(version -> Files.exists(control(version)))
          .max(Comparator.comparingInt(it -> Integer.parseInt(it.getFileName().toString())))
          .map(version -> version.resolve("bin"));
    }
  }

  private static Path control(Path version) {
    return EXTENSIONS.resolve(version.getFileName()).resolve("extension/vector.control");
  }

  /**
   * Starts it, with the rows that an earlier run left in the folder.
   *
   * @param size how many rows it must have room for
   */
  static PgVector start(Path programs, Path folder, int dimensions, int size)
      throws IOException, InterruptedException, SQLException {
    Commands commands = Commands.of(programs, Files.createDirectories(folder));
    Path data = folder.resolve("data");
    Runnable stop = () -> stop(commands, data);
    // The server lives in a session of its own: it would outlast a bench that somebody stops.
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "pgvector-stop"));
    Path passwordFile = folder.resolve("password");
    if (!isIn(folder)) {
      initialise(commands, data, passwordFile);
    }
    int port = FreePorts.inARow(1);
    String log = folder.resolve("log").toString();
    commands.run(
        "pg_ctl", // ends the one of a run that was killed
        List.of(
            "restart",
            "-D",
            data.toString(),
            "-l",
            log,
            "-w",
            "-t",
            "300",
            "-o",
            settings(port, size)));
    try {
      Properties properties = new Properties();
      properties.setProperty("user", USER);
      properties.setProperty("password", Files.readString(passwordFile));
      properties.setProperty("stringtype", "unspecified"); // vectors are written as text
      String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
      return new PgVector(DriverManager.getConnection(url, properties), dimensions, stop);
    } catch (IOException | SQLException e) {
      stop.run();
      throw e;
    }
  }

  /** Whether a folder has rows of an earlier run. */
  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve("data"));
  }

  private static void initialise(Commands commands, Path data, Path passwordFile)
      throws IOException, InterruptedException {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    Files.deleteIfExists(passwordFile);
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, HexFormat.of().formatHex(secret));
    commands.run(
        "initdb",
        List.of(
            "-D",
            data.toString(),
            "-U",
            USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C"));
  }

  /** A row and its place in the graph take some 4 KB, and 3 while the graph is built. */
  private static String settings(int port, int size) {
    return Stream.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=",
            "shared_buffers=%dMB".formatted(Math.max(128, size / 250)),
            "maintenance_work_mem=%dMB".formatted(Math.max(64, size / 333)),
            // The one that is told to build the graph builds as well.
            "max_parallel_maintenance_workers=" + (Runtime.getRuntime().availableProcessors() - 1),
            "random_page_cost=1.1",
            "jit=off",
            "autovacuum=off",
            // What was put stays when the server is killed, if not when the machine stops.
            "fsync=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=4GB")
        .map(setting -> "-c " + setting)
        .collect(Collectors.joining(" "));
  }

  /** Adds a post, in place of an earlier one with its number, at the next commit. */
  void put(int number, String platform, float[] vector) throws SQLException {
    insert.setInt(1, number);
    insert.setString(2, platform);
    insert.setString(3, Arrays.toString(vector));
    insert.addBatch();
  }

  void commit() throws SQLException {
    insert.executeBatch();
  }

  /** Builds the graph, unless it is there. */
  void index() throws SQLException {
    execute("VACUUM ANALYZE post");
    execute(
        "CREATE INDEX IF NOT EXISTS post_vector ON post USING hnsw (vector vector_ip_ops)"
            + " WITH (m = 16, ef_construction = 100)");
  }

  /** How many neighbours a walk keeps in view, 1 to 1,000. */
  void breadth(int neighbours) throws SQLException {
    execute("SET hnsw.ef_search = " + neighbours);
  }

  /** The numbers of the nearest vectors, best first. */
  int[] nearest(float[] vector, @Nullable String platform, int count) throws SQLException {
    String where = platform == null ? "" : " WHERE platform = ?";
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT number FROM post" + where + " ORDER BY vector <#> ? LIMIT " + count)) {
      int place = 1;
      if (platform != null) {
        query.setString(place++, platform);
      }
      query.setString(place, Arrays.toString(vector));
      IntStream.Builder numbers = IntStream.builder();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          numbers.add(rows.getInt(1));
        }
      }
      return numbers.build().toArray();
    }
  }

  /** What rows and indexes take on disk, in MB. */
  double megabytes() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet size = statement.executeQuery("SELECT pg_total_relation_size('post')")) {
      size.next();
      return size.getLong(1) / 1e6;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void stop(Commands commands, Path data) {
    if (!Files.exists(data.resolve("postmaster.pid"))) {
      return;
    }
    try {
      commands.run(
          "pg_ctl", List.of("stop", "-D", data.toString(), "-m", "fast", "-w", "-t", "300"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the server; the rows stay in the folder. */
  @Override
  public void close() throws SQLException {
    try {
      connection.close();
    } finally {
      stop.run();
    }
  }
}
