package io.pulsegrid.node.store.access;

import io.pulsegrid.core.access.ApiKey;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.AuthenticationCache;
import io.pulsegrid.node.access.Token;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The API keys over the table {@code api_key}. */
public final class StoredKeys implements Keys {
  private static final int MAX_NAME = 200;
  private static final String ADMINISTRATORS =
      "SELECT id FROM api_key WHERE workspace = ? AND ? = ANY(scopes)";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final AuthenticationCache cache;
  private final IdSource ids;
  private final SecureRandom random;

  public StoredKeys(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      AuthenticationCache cache,
      IdSource ids,
      SecureRandom random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.cache = cache;
    this.ids = ids;
    this.random = random;
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return Token.of(token).flatMap(known -> cache.find(known.hash(), this::callerOf));
  }

  @Override
  public ApiKey.Made create(String name, Set<Scope> scopes, WorkspaceId workspace) {
    return StoreAway.told(
        () -> {
          check(name, scopes, workspace);
          Token token = Token.random(random);
          return new ApiKey.Made(insert(name, scopes, workspace, token), token.value());
        });
  }

  @Override
  public ApiKey.Made rotate(WorkspaceId workspace, String keyId, Duration overlap) {
    Token token = Token.random(random);
    Optional<ApiKey> rotated =
        StoreAway.told(
            () ->
                Objects.requireNonNull(
                    transaction.execute(_ -> rotateNow(workspace, keyId, token, overlap))));
    // Here at once, elsewhere within seconds: a former secret may be one that no longer opens.
    cache.forget(keyId);
    return new ApiKey.Made(
        rotated.orElseThrow(() -> PulsegridException.notFound("key", keyId)), token.value());
  }

  private Optional<ApiKey> rotateNow(
      WorkspaceId workspace, String keyId, Token token, Duration overlap) {
    Optional<byte[]> former =
        jdbc.sql("SELECT token_hash FROM api_key WHERE workspace = ? AND id = ? FOR UPDATE")
            .params(workspace.value(), keyId)
            .query((row, _) -> row.getBytes("token_hash"))
            .optional();
    if (former.isEmpty()) {
      return Optional.empty();
    }
    jdbc.sql("DELETE FROM former_token WHERE key_id = ? AND ends_at <= now()")
        .param(keyId)
        .update();
    jdbc.sql(
            """
            UPDATE former_token SET ends_at = least(ends_at, now() + make_interval(secs => ?))
            WHERE key_id = ?
            """)
        .params(overlap.toSeconds(), keyId)
        .update();
    jdbc.sql(
            """
            INSERT INTO former_token (token_hash, key_id, ends_at)
            VALUES (?, ?, now() + make_interval(secs => ?))
            """)
        .params(former.get(), keyId, overlap.toSeconds())
        .update();
    return jdbc.sql(
            """
            UPDATE api_key SET token_hash = ? WHERE id = ?
            RETURNING id, name, workspace, scopes, created_at
            """)
        .params(token.hash(), keyId)
        .query((row, _) -> key(row))
        .optional();
  }

  @Override
  public Page<ApiKey> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<ApiKey> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT id, name, workspace, scopes, created_at FROM api_key
                        WHERE workspace = ? AND (created_at, id) > (?, ?)
                        ORDER BY created_at, id LIMIT ?
                        """)
                    .params(workspace.value(), from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> key(row))
                    .list());
    return Page.cut(found, page.limit(), key -> AgeCursor.after(key.createdAt(), key.id()));
  }

  @Override
  public void delete(WorkspaceId workspace, String keyId) {
    int deleted =
        StoreAway.told(
            () -> Objects.requireNonNull(transaction.execute(_ -> deleteNow(workspace, keyId))));
    if (deleted == 0) {
      throw PulsegridException.notFound("key", keyId);
    }
    cache.forget(keyId);
  }

  private int deleteNow(WorkspaceId workspace, String keyId) {
    // The rows stay locked to the end: of two who delete each other's key, one finds itself last.
    List<String> administrators =
        jdbc.sql(ADMINISTRATORS + " ORDER BY id FOR UPDATE")
            .params(WorkspaceId.DEFAULT.value(), Scope.ADMIN.name())
            .query(String.class)
            .list();
    if (workspace.equals(WorkspaceId.DEFAULT) && administrators.equals(List.of(keyId))) {
      throw PulsegridException.of(
          FailureCode.CONFLICT,
          "the key "
              + keyId
              + " is the last admin key of this installation, without which nobody gets in; make"
              + " another in the workspace "
              + WorkspaceId.DEFAULT
              + " first");
    }
    return jdbc.sql("DELETE FROM api_key WHERE workspace = ? AND id = ?")
        .params(workspace.value(), keyId)
        .update();
  }

  /** Whether anybody can administer this installation. */
  boolean anyAdministrator() {
    return jdbc.sql("SELECT EXISTS (" + ADMINISTRATORS + ")")
        .params(WorkspaceId.DEFAULT.value(), Scope.ADMIN.name())
        .query(Boolean.class)
        .single();
  }

  /** Stores a key under a token that the caller has. */
  ApiKey insert(String name, Set<Scope> scopes, WorkspaceId workspace, Token token) {
    String[] names = scopes.stream().sorted().map(Scope::name).toArray(String[]::new);
    return jdbc.sql(
            """
            INSERT INTO api_key (id, workspace, name, scopes, token_hash) VALUES (?, ?, ?, ?, ?)
            RETURNING id, name, workspace, scopes, created_at
            """)
        .params(ids.next(), workspace.value(), name, names, token.hash())
        .query((row, _) -> key(row))
        .single();
  }

  private Optional<Caller> callerOf(byte[] hash) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    SELECT id, workspace, scopes FROM api_key WHERE token_hash = ?
                    UNION ALL
                    SELECT key.id, key.workspace, key.scopes
                    FROM former_token former JOIN api_key key ON key.id = former.key_id
                    WHERE former.token_hash = ? AND former.ends_at > now()
                    """)
                .params(hash, hash)
                .query(
                    (row, _) ->
                        new Caller(
                            row.getString("id"),
                            new WorkspaceId(row.getString("workspace")),
                            scopes(row)))
                .optional());
  }

  private void check(String name, Set<Scope> scopes, WorkspaceId workspace) {
    List<FieldError> errors = new ArrayList<>();
    if (name.isBlank() || name.length() > MAX_NAME) {
      errors.add(new FieldError("name", "must be 1 to " + MAX_NAME + " characters"));
    }
    if (scopes.isEmpty()) {
      errors.add(new FieldError("scopes", "must hold at least one of read, write, admin"));
    }
    if (!exists(workspace)) {
      errors.add(new FieldError("workspace", "there is no workspace " + workspace));
    }
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }

  private boolean exists(WorkspaceId workspace) {
    return jdbc.sql("SELECT EXISTS (SELECT FROM workspace WHERE id = ?)")
        .param(workspace.value())
        .query(Boolean.class)
        .single();
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("name"),
        new WorkspaceId(row.getString("workspace")),
        scopes(row),
        AgeCursor.instant(row, "created_at"));
  }

  private static Set<Scope> scopes(ResultSet row) throws SQLException {
    String[] names = (String[]) row.getArray("scopes").getArray();
    return Arrays.stream(names).map(Scope::valueOf).collect(Collectors.toUnmodifiableSet());
  }
}
