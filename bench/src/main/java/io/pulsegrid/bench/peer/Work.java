package io.pulsegrid.bench.peer;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * What a peer does for one delivery: takes a permit, makes the call, records attempt and outcome.
 * In as few statements as go: the permit brings the delivery along, the record is one. Safe for use
 * by many threads.
 */
final class Work implements AutoCloseable {
  private static final String PERMIT =
      """
      WITH taken AS (
        UPDATE peer_permit p SET at = now(),
          tokens = LEAST(p.burst, p.tokens + extract(epoch FROM now() - p.at) * p.per_second) - 1
        FROM peer_delivery d
        WHERE d.id = ? AND d.state = 'SCHEDULED' AND p.channel = d.channel
          AND LEAST(p.burst, p.tokens + extract(epoch FROM now() - p.at) * p.per_second) >= 1
        RETURNING d.channel, d.text
      )
      SELECT channel, text FROM taken
      """;

  private static final String RECORD =
      """
      WITH settled AS (
        UPDATE peer_delivery SET state = 'PUBLISHED', attempts = attempts + 1, remote_id = ?,
          settled_at = now()
        WHERE id = ? RETURNING id
      )
      INSERT INTO peer_attempt (delivery, started_at, ended_at, node, outcome, http_status)
      SELECT id, ?, ?, ?, 'accepted', ? FROM settled
      """;

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final DataSource database;
  private final URI statuses;
  private final String node;
  private final HttpClient http = HttpClient.newHttpClient();

  Work(DataSource database, URI platforms, String node) {
    this.database = database;
    this.statuses = platforms.resolve("/mastodon/api/v1/statuses");
    this.node = node;
  }

  private record Permitted(String channel, String text) {}

  /** Publishes a delivery; one that gets no permit, or no good answer, fails. */
  void publish(String delivery) {
    try {
      Permitted permitted = permit(delivery);
      Instant startedAt = Instant.now();
      HttpResponse<String> answer = call(delivery, permitted);
      Matcher id = ID.matcher(answer.body());
      if (answer.statusCode() != 200 || !id.find()) {
        throw new IllegalStateException(delivery + " was answered with " + answer.statusCode());
      }
      record(delivery, id.group(1), startedAt, answer.statusCode());
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(delivery + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(delivery + " was interrupted", e);
    }
  }

  private Permitted permit(String delivery) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(PERMIT)) {
      statement.setString(1, delivery);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException(delivery + " gets no permit");
        }
        return new Permitted(row.getString(1), row.getString(2));
      }
    }
  }

  private HttpResponse<String> call(String delivery, Permitted permitted)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(statuses)
            .version(HttpClient.Version.HTTP_1_1)
            .header("Authorization", "Bearer t-" + permitted.channel())
            .header("Idempotency-Key", delivery)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "status=" + URLEncoder.encode(permitted.text(), StandardCharsets.UTF_8)))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private void record(String delivery, String remoteId, Instant startedAt, int status)
      throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(RECORD)) {
      statement.setString(1, remoteId);
      statement.setString(2, delivery);
      statement.setObject(3, utc(startedAt));
      statement.setObject(4, utc(Instant.now()));
      statement.setString(5, node);
      statement.setInt(6, status);
      int _ = statement.executeUpdate();
    }
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
