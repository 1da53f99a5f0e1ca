package io.pulsegrid.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pulsegrid.bench.peer.DbSchedulerNode;
import io.pulsegrid.bench.peer.PeerMain;
import io.pulsegrid.bench.peer.QuartzNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The nodes of another scheduler, each in a JVM of its own, in a database of their own. */
final class PeerNodes implements Contender {
  private static final int THREADS = 128;

  private final Order order;
  private final HikariDataSource database;
  private final List<Process> processes = new ArrayList<>();

  /** What is started. */
  record Order(String kind, int nodes, int channels) {}

  private PeerNodes(Order order, HikariDataSource database) {
    this.order = order;
    this.database = database;
  }

  static PeerNodes start(Order order, String storeUrl, StandIn platform) throws Exception {
    String url = newDatabase(storeUrl, "peer_" + order.kind().replace('-', '_'));
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(2);
    PeerNodes peers = new PeerNodes(order, new HikariDataSource(pool));
    peers.prepare();
    for (int i = 0; i < order.nodes(); i++) {
      peers.processes.add(launch(order.kind(), url, platform, i));
    }
    for (Process process : peers.processes) {
      String line = process.inputReader().readLine();
      if (!"ready".equals(line)) {
        peers.close();
        throw new IOException("a node of " + order.kind() + " did not start: " + line);
      }
    }
    return peers;
  }

  private static String newDatabase(String storeUrl, String name) throws SQLException {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(storeUrl);
    pool.setMaximumPoolSize(1);
    try (HikariDataSource store = new HikariDataSource(pool);
        Connection connection = store.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute("CREATE DATABASE " + name);
    }
    return storeUrl.replaceFirst("/[a-z_]+\\?", "/" + name + "?");
  }

  private static Process launch(String kind, String url, StandIn platform, int index)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseCompactObjectHeaders",
            "-cp",
            System.getProperty("java.class.path"),
            PeerMain.class.getName(),
            kind,
            url,
            platform.uri().toString(),
            String.valueOf(THREADS),
            "node-" + index)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void prepare() throws SQLException, IOException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(OurNodes.resource("peer.sql"));
      boolean _ = statement.execute(quartzTables());
      // A limit as wide as the one that our nodes are under.
      int _ =
          statement.executeUpdate(
              """
              INSERT INTO peer_permit (channel, tokens, burst, per_second)
              SELECT 'bench-' || i, 1000000, 1000000, 1000000 / 3600.0
              FROM generate_series(0, %d) i
              """
                  .formatted(order.channels() - 1));
      int _ =
          statement.executeUpdate(
              """
              INSERT INTO qrtz_job_details (sched_name, job_name, job_group, job_class_name,
                is_durable, is_nonconcurrent, is_update_data, requests_recovery)
              VALUES ('%s', 'publish', 'bench', '%s', true, false, false, false)
              """
                  .formatted(QuartzNode.SCHEDULER, QuartzNode.Publish.class.getName()));
    }
  }

  private static String quartzTables() throws IOException {
    try (InputStream text = PeerNodes.class.getResourceAsStream("/db/migration/V4__quartz.sql")) {
      if (text == null) {
        throw new IOException("Quartz's tables are not packaged");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String name() {
    return order.kind();
  }

  @Override
  public void schedule(String name, int count, Instant from, Duration span) throws SQLException {
    // The platform knows deliveries by their ids, and one that another peer sent as sent before.
    String batch = order.kind() + "-" + name;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      long microsEach = span.toNanos() / count / 1_000;
      insert(
          connection,
          """
          INSERT INTO peer_delivery (id, channel, text, due_at)
          SELECT '%1$s-' || i, 'bench-' || i %% %2$d, 'bench %1$s ' || i,
            ? + i * %3$d * interval '1 microsecond'
          FROM generate_series(0, %4$d) i
          """
              .formatted(batch, order.channels(), microsEach, count - 1),
          from);
      if (order.kind().equals(DbSchedulerNode.KIND)) {
        addTasks(connection, batch, from);
      } else {
        addTriggers(connection, batch, from);
      }
      connection.commit();
    }
  }

  private static void addTasks(Connection connection, String batch, Instant from)
      throws SQLException {
    insert(
        connection,
        """
        INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        SELECT '%s', id, due_at, false, 1 FROM peer_delivery
        WHERE id LIKE '%s-%%' AND due_at >= ?
        """
            .formatted(DbSchedulerNode.TASK, batch),
        from);
  }

  /** As Quartz itself writes them; they never misfire, however late they are. */
  private static void addTriggers(Connection connection, String batch, Instant from)
      throws SQLException {
    insert(
        connection,
        """
        INSERT INTO qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group,
          next_fire_time, prev_fire_time, priority, trigger_state, trigger_type, start_time,
          end_time, misfire_instr)
        SELECT '%s', id, 'bench', 'publish', 'bench', (extract(epoch FROM due_at) * 1000)::bigint,
          -1, 5, 'WAITING', 'SIMPLE', (extract(epoch FROM due_at) * 1000)::bigint, 0, -1
        FROM peer_delivery WHERE id LIKE '%s-%%' AND due_at >= ?
        """
            .formatted(QuartzNode.SCHEDULER, batch),
        from);
    insert(
        connection,
        """
        INSERT INTO qrtz_simple_triggers (sched_name, trigger_name, trigger_group, repeat_count,
          repeat_interval, times_triggered)
        SELECT '%s', id, 'bench', 0, 0, 0
        FROM peer_delivery WHERE id LIKE '%s-%%' AND due_at >= ?
        """
            .formatted(QuartzNode.SCHEDULER, batch),
        from);
  }

  private static void insert(Connection connection, String sql, Instant from) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, from.atOffset(ZoneOffset.UTC));
      int _ = statement.executeUpdate();
    }
  }

  @Override
  public Connection ledger() throws SQLException {
    return database.getConnection();
  }

  @Override
  public String published() {
    return "SELECT due_at AS due, settled_at AS settled FROM peer_delivery"
        + " WHERE settled_at IS NOT NULL";
  }

  @Override
  public List<ProcessHandle> processes() {
    return processes.stream().map(Process::toHandle).toList();
  }

  @Override
  public void close() {
    database.close();
    processes.forEach(Process::destroy);
  }
}
