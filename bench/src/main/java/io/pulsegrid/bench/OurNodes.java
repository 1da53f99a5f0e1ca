package io.pulsegrid.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Our own nodes, as {@code ./pulsegrid up} starts them, under the bench's profile. */
final class OurNodes implements Contender {
  private static final int BATCH = 5_000;

  private final GridUnderTest grid;
  private final HikariDataSource database;
  private final List<String> channels = new ArrayList<>();

  private OurNodes(GridUnderTest grid, HikariDataSource database) {
    this.grid = grid;
    this.database = database;
  }

  static OurNodes start(int nodes, int channels, Path folder, StandIn platform)
      throws IOException, InterruptedException {
    Path config = Files.createDirectories(folder.resolve("config"));
    Files.writeString(config.resolve("platforms.yml"), resource("platforms.yml"));
    Path settings = folder.resolve("node.yml");
    Files.writeString(settings, resource("node.yml") + "  config: " + config + "\n");
    GridUnderTest grid = GridUnderTest.start(nodes, folder, settings);
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(Files.readString(folder.resolve("data/postgres.url")).strip());
    pool.setMaximumPoolSize(2);
    OurNodes ours = new OurNodes(grid, new HikariDataSource(pool));
    ours.channels.addAll(grid.channels(platform.uri().toString(), channels));
    return ours;
  }

  static String resource(String name) throws IOException {
    try (InputStream text = OurNodes.class.getResourceAsStream("/publish/" + name)) {
      if (text == null) {
        throw new IOException("publish/" + name + " is not packaged");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String name() {
    return "pulsegrid";
  }

  @Override
  public void schedule(String batch, int count, Instant from, Duration span)
      throws IOException, InterruptedException {
    for (int begin = 0; begin < count; begin += BATCH) {
      StringBuilder posts = new StringBuilder("[");
      for (int i = begin; i < Math.min(count, begin + BATCH); i++) {
        posts
            .append(i == begin ? "" : ",")
            .append(
                "{\"text\":\"bench %s %d\",\"channels\":[\"%s\"],\"when\":{\"at\":\"%s\"}}"
                    .formatted(
                        batch,
                        i,
                        channels.get(i % channels.size()),
                        from.plusNanos(span.toNanos() / count * i)));
      }
      String answer = grid.post("/scheduled-posts/batch", "application/json", posts + "]");
      if (GridUnderTest.number(answer, "refused") > 0) {
        throw new IOException("posts were refused: " + answer.substring(0, 500));
      }
    }
  }

  @Override
  public Connection ledger() throws SQLException {
    return database.getConnection();
  }

  @Override
  public String published() {
    return "SELECT due_at AS due, changed_at AS settled FROM delivery WHERE state = 'PUBLISHED'";
  }

  @Override
  public List<ProcessHandle> processes() {
    return grid.nodeProcesses();
  }

  @Override
  public void close() {
    database.close();
    grid.close();
  }
}
