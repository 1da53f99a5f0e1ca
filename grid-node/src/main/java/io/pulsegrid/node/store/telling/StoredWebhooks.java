package io.pulsegrid.node.store.telling;

import io.pulsegrid.connectors.webhook.SigningKey;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.telling.Webhooks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.ChannelRules.Addresses;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The webhooks over the table {@code webhook}. */
public final class StoredWebhooks implements Webhooks {
  private static final int MOST = 100;
  private static final int LEAST_KEY = 24;
  private static final int LONGEST_KEY = 256;
  private static final int MADE_KEY = 32;

  private static final String SHOWN =
      """
      SELECT w.*, (SELECT count(*) FROM webhook_message m WHERE m.webhook = w.id) AS waiting
      FROM webhook w WHERE w.workspace = ?\
      """;

  private final JdbcClient jdbc;
  private final Addresses addresses;
  private final CredentialCipher cipher;
  private final IdSource ids;
  private final RandomGenerator secure;

  /**
   * @param secure where secrets come from: nobody may guess it
   */
  public StoredWebhooks(
      JdbcClient jdbc,
      Addresses addresses,
      CredentialCipher cipher,
      IdSource ids,
      RandomGenerator secure) {
    this.jdbc = jdbc;
    this.addresses = addresses;
    this.cipher = cipher;
    this.ids = ids;
    this.secure = secure;
  }

  @Override
  public void check(Webhook.Spec spec, @Nullable String secret) {
    List<FieldError> errors = new ArrayList<>();
    addresses.refusal(spec.url()).ifPresent(why -> errors.add(new FieldError("url", why)));
    if (secret != null) {
      fault(secret).ifPresent(why -> errors.add(new FieldError("secret", why)));
    }
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }

  private static Optional<String> fault(String secret) {
    if (!secret.chars().allMatch(c -> c > ' ' && c < 127)) {
      return Optional.of("must be printable ASCII without spaces");
    }
    Optional<String> fault = SigningKey.fault(secret);
    if (fault.isPresent()) {
      return fault;
    }
    int length = SigningKey.length(secret);
    return length < LEAST_KEY || length > LONGEST_KEY
        ? Optional.of("must hold %d to %d bytes, held %d".formatted(LEAST_KEY, LONGEST_KEY, length))
        : Optional.empty();
  }

  @Override
  public Webhook.Made create(WorkspaceId workspace, Webhook.Spec spec, @Nullable String secret) {
    String id = ids.next();
    String made = secret == null ? fresh() : null;
    String key = made == null ? String.valueOf(secret) : made;
    Optional<Webhook> written =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        INSERT INTO webhook (id, workspace, url, events, secret, since)
                        SELECT ?, ?, ?, ?, ?,
                          (SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END
                            FROM outbox_seq_seq)
                        WHERE (SELECT count(*) FROM webhook WHERE workspace = ?) < ?
                        RETURNING *, 0 AS waiting
                        """)
                    .params(
                        id,
                        workspace.value(),
                        spec.url().toString(),
                        spec.events().stream().map(EventKind::label).toArray(String[]::new),
                        cipher.seal(owner(id), key.getBytes(StandardCharsets.UTF_8)),
                        workspace.value(),
                        MOST)
                    .query((row, _) -> webhook(row))
                    .optional());
    return new Webhook.Made(
        written.orElseThrow(
            () ->
                PulsegridException.of(
                    FailureCode.CONFLICT,
                    "a workspace has at most " + MOST + " webhooks; remove one first")),
        made);
  }

  @Override
  public Optional<Webhook> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc.sql(SHOWN + " AND w.id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> webhook(row))
                .optional());
  }

  @Override
  public Page<Webhook> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<Webhook> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        SHOWN
                            + " AND (w.created_at, w.id) > (?, ?)"
                            + " ORDER BY w.created_at, w.id LIMIT ?")
                    .params(workspace.value(), from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> webhook(row))
                    .list());
    return Page.cut(found, page.limit(), it -> AgeCursor.after(it.createdAt(), it.id()));
  }

  @Override
  public Webhook resume(WorkspaceId workspace, String id) {
    StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    WITH resumed AS (
                      UPDATE webhook SET parked_at = NULL, last_error = NULL, failures = 0,
                        next_try_at = now()
                      WHERE workspace = ? AND id = ? AND parked_at IS NOT NULL RETURNING id
                    )
                    UPDATE webhook_message m SET attempts = 0, next_try_at = now(), claim = NULL
                    FROM resumed r WHERE m.webhook = r.id AND m.attempts > 0
                    """)
                .params(workspace.value(), id)
                .update());
    return find(workspace, id).orElseThrow(() -> PulsegridException.notFound("webhook", id));
  }

  @Override
  public void delete(WorkspaceId workspace, String id) {
    int gone =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        DELETE FROM webhook w WHERE w.workspace = ? AND w.id = ?
                          AND NOT EXISTS (SELECT FROM subscription s WHERE s.webhook = w.id)
                        """)
                    .params(workspace.value(), id)
                    .update());
    if (gone == 0 && find(workspace, id).isPresent()) {
      throw PulsegridException.of(
          FailureCode.CONFLICT, "subscriptions tell webhook " + id + "; remove them first");
    }
    if (gone == 0) {
      throw PulsegridException.notFound("webhook", id);
    }
  }

  /** What a webhook's calls are signed with, for those who make them. */
  static SigningKey key(CredentialCipher cipher, String id, byte[] sealed) {
    return SigningKey.of(new String(cipher.open(owner(id), sealed), StandardCharsets.UTF_8));
  }

  private static String owner(String id) {
    return "webhook " + id;
  }

  private String fresh() {
    byte[] key = new byte[MADE_KEY];
    secure.nextBytes(key);
    return SigningKey.secretOf(key);
  }

  private static Webhook webhook(ResultSet row) throws SQLException {
    Set<EventKind> events =
        Arrays.stream((String[]) row.getArray("events").getArray())
            .map(EventKind::read)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventKind.class)));
    return new Webhook(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new Webhook.Spec(URI.create(row.getString("url")), events),
        new Webhook.Standing(
            row.getLong("last_number"),
            row.getLong("waiting"),
            instant(row, "taken_at"),
            row.getString("last_error"),
            instant(row, "parked_at")),
        AgeCursor.instant(row, "created_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
