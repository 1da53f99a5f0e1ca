package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.ChannelRules;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The channels over the table {@code channel}. */
public final class StoredChannels implements Channels, ChannelSecrets {
  private static final String COLUMNS =
      "id, workspace, platform, handle, base_url, zone, slots, paused, credentials, version,"
          + " created_at";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ChannelRules rules;
  private final ChannelRow form;
  private final IdSource ids;

  public StoredChannels(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      ChannelRules rules,
      CredentialCipher cipher,
      IdSource ids) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.rules = rules;
    this.form = new ChannelRow(cipher);
    this.ids = ids;
  }

  @Override
  public void check(Channel.Spec spec, Channel.Credentials credentials) {
    rules.checkAddress(spec, credentials);
  }

  @Override
  public Channel create(
      WorkspaceId workspace, Channel.Spec spec, Channel.Credentials credentials, boolean paused) {
    rules.check(spec, credentials);
    String id = ids.next();
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    INSERT INTO channel
                      (id, workspace, platform, handle, base_url, zone, slots, credentials, paused,
                        renew_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, CASE WHEN ? THEN now() END)
                    RETURNING\s"""
                        + COLUMNS)
                .params(
                    id,
                    workspace.value(),
                    spec.platform(),
                    spec.handle(),
                    spec.baseUrl().toString(),
                    spec.zone().getId(),
                    form.slots(spec.slots()),
                    form.seal(id, credentials),
                    paused,
                    rules.renews(spec, credentials))
                .query((row, _) -> form.channel(row))
                .single());
  }

  @Override
  public Optional<Channel> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT " + COLUMNS + " FROM channel WHERE workspace = ? AND id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> form.channel(row))
                .optional());
  }

  @Override
  public Page<Channel> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<Channel> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        "SELECT "
                            + COLUMNS
                            + " FROM channel WHERE workspace = ? AND (created_at, id) > (?, ?)"
                            + " ORDER BY created_at, id LIMIT ?")
                    .params(workspace.value(), from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> form.channel(row))
                    .list());
    return Page.cut(found, page.limit(), it -> AgeCursor.after(it.createdAt(), it.id()));
  }

  @Override
  public Channel update(
      WorkspaceId workspace,
      String id,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused,
      OptionalLong expectedVersion) {
    rules.checkAddress(spec, credentials);
    // Held by its lock from the check to the change: nobody's edit is lost in between.
    return inTransaction(
        () -> {
          Unlocked before = lock(workspace, id, expectedVersion);
          requireSame(before.channel().spec().platform(), spec.platform());
          Channel.Credentials wanted = credentials == null ? before.credentials() : credentials;
          rules.check(spec, wanted);
          boolean kept = before.channel().paused() && credentials == null;
          boolean wantedPaused = paused == null ? kept : paused;
          return jdbc.sql(
                  """
                  UPDATE channel SET platform = ?, handle = ?, base_url = ?, zone = ?,
                    slots = ?::jsonb, paused = ?,
                    credentials = CASE WHEN ? THEN ? ELSE credentials END,
                    renew_at = CASE WHEN ? THEN now() WHEN ? THEN NULL ELSE renew_at END,
                    rescued_at = CASE WHEN ? THEN NULL ELSE rescued_at END,
                    pause_reason = CASE WHEN ? THEN pause_reason END, version = version + 1
                  WHERE id = ?
                  RETURNING\s"""
                      + COLUMNS)
              .params(
                  spec.platform(),
                  spec.handle(),
                  spec.baseUrl().toString(),
                  spec.zone().getId(),
                  form.slots(spec.slots()),
                  wantedPaused,
                  credentials != null,
                  credentials == null ? new byte[0] : form.seal(id, credentials),
                  credentials != null && rules.renews(spec, credentials),
                  credentials != null,
                  credentials != null,
                  wantedPaused && kept,
                  id)
              .query((row, _) -> form.channel(row))
              .single();
        });
  }

  /**
   * What waits, and what is in doubt, was made for a platform: another would get it, and tokens.
   */
  private static void requireSame(String before, String wanted) {
    if (!before.equals(wanted)) {
      throw PulsegridException.invalid(
          "platform",
          "cannot change from " + before + ": " + wanted + " needs a channel of its own");
    }
  }

  @Override
  public void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    inTransaction(
        () -> {
          lock(workspace, id, expectedVersion);
          requireIdle(id);
          requireNoSeries(id);
          return jdbc.sql("DELETE FROM channel WHERE id = ?").param(id).update();
        });
  }

  private void requireIdle(String id) {
    Map<String, Long> waiting = new TreeMap<>();
    jdbc.sql(
            """
            SELECT state, count(*) AS number FROM delivery WHERE channel = ? AND state NOT IN
              ('PUBLISHED', 'FAILED', 'CANCELLED', 'MISSED') GROUP BY state
            """)
        .param(id)
        .query(
            row -> {
              waiting.put(row.getString("state"), row.getLong("number"));
            });
    long number = waiting.values().stream().mapToLong(Long::longValue).sum();
    if (number == 0) {
      return;
    }
    String which =
        waiting.keySet().stream()
            .map(state -> "GET /api/v1/deliveries?channel=" + id + "&state=" + state)
            .collect(Collectors.joining(", "));
    throw PulsegridException.of(
        FailureCode.CONFLICT,
        "channel %s has %s; cancel or settle %s first (%s)"
            .formatted(
                id,
                number == 1
                    ? "a delivery that has not ended"
                    : number + " deliveries that have not ended",
                number == 1 ? "it" : "them",
                which));
  }

  private void requireNoSeries(String id) {
    jdbc.sql("SELECT s.id FROM series s WHERE NOT s.ended AND ? = ANY (s.channels) LIMIT 1")
        .param(id)
        .query(String.class)
        .optional()
        .ifPresent(
            series -> {
              throw PulsegridException.of(
                  FailureCode.CONFLICT,
                  "channel %s is one of series %s; end or change it first".formatted(id, series));
            });
  }

  @Override
  public Map<String, Unlocked> unlock(Collection<String> channelIds) {
    Map<String, Unlocked> found = new HashMap<>();
    StoreAway.told(
            () ->
                jdbc.sql("SELECT " + COLUMNS + " FROM channel WHERE id = ANY (?)")
                    .param(channelIds.toArray(String[]::new))
                    .query((row, _) -> form.unlocked(row))
                    .list())
        .forEach(unlocked -> found.put(unlocked.channel().id(), unlocked));
    return found;
  }

  @Override
  public Channel.Credentials open(String channelId, byte[] sealed) {
    return form.open(channelId, sealed);
  }

  @Override
  public byte[] seal(String channelId, Channel.Credentials credentials) {
    return form.seal(channelId, credentials);
  }

  private Unlocked lock(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Unlocked found =
        jdbc.sql("SELECT " + COLUMNS + " FROM channel WHERE workspace = ? AND id = ? FOR UPDATE")
            .params(workspace.value(), id)
            .query((row, _) -> form.unlocked(row))
            .optional()
            .orElseThrow(() -> PulsegridException.notFound("channel", id));
    long version = found.channel().version();
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != version) {
      throw PulsegridException.of(
          FailureCode.STALE,
          "channel " + id + " is at version " + version + "; read it again before changing it");
    }
    return found;
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
