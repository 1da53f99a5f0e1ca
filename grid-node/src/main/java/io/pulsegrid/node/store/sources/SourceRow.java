package io.pulsegrid.node.store.sources;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.AgeCursor;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A row of the table {@code source}, in and out. */
final class SourceRow {
  static final String COLUMNS =
      "id, workspace, kind, url, every_millis, cron, priority, cursor, etag, last_modified, status,"
          + " failures, last_error, last_collected_at, not_before, credentials, fence, version, created_at";

  private static final TypeReference<Map<String, String>> NAMED = new TypeReference<>() {};

  private final JsonMapper json = JsonMapper.shared();
  private final CredentialCipher cipher;

  SourceRow(CredentialCipher cipher) {
    this.cipher = cipher;
  }

  /** What stands in the column for these credentials; null for none. */
  byte @Nullable [] seal(String sourceId, Source.Credentials credentials) {
    return credentials.values().isEmpty()
        ? null
        : cipher.seal(owner(sourceId), json.writeValueAsBytes(credentials.values()));
  }

  /** The row's credentials, in the clear. */
  Source.Credentials credentials(ResultSet row) throws SQLException {
    byte @Nullable [] sealed = row.getBytes("credentials");
    return sealed == null
        ? Source.Credentials.NONE
        : new Source.Credentials(
            json.readValue(cipher.open(owner(row.getString("id")), sealed), NAMED));
  }

  private static String owner(String sourceId) {
    return "source " + sourceId;
  }

  static Source source(ResultSet row) throws SQLException {
    return new Source(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new Source.Spec(
            row.getString("kind"),
            URI.create(row.getString("url")),
            schedule(row),
            row.getInt("priority")),
        new Source.Position(
            row.getString("cursor"), row.getString("etag"), row.getString("last_modified")),
        new Source.Health(
            Source.Status.valueOf(row.getString("status")),
            row.getInt("failures"),
            row.getString("last_error"),
            instant(row, "last_collected_at"),
            instant(row, "not_before")),
        row.getLong("version"),
        AgeCursor.instant(row, "created_at"));
  }

  private static Schedule schedule(ResultSet row) throws SQLException {
    @Nullable String cron = row.getString("cron");
    return cron == null
        ? new Schedule.Every(Duration.ofMillis(row.getLong("every_millis")))
        : new Schedule.Cron(cron);
  }

  static @Nullable Long everyMillis(Schedule schedule) {
    return schedule instanceof Schedule.Every every ? every.interval().toMillis() : null;
  }

  static @Nullable String cron(Schedule schedule) {
    return schedule instanceof Schedule.Cron cron ? cron.expression() : null;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
