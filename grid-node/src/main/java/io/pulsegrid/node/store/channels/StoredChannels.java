package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Publisher.Identity;
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
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The channels over the table {@code channel}. */
public final class StoredChannels implements Channels, ChannelSecrets {
  private static final String UNTOLD = "";

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
  public Checked check(Channel.Spec spec, Channel.Credentials credentials) {
    rules.checkAddress(spec, credentials);
    return new Checked(spec, credentials, account(spec, credentials));
  }

  /** Whose account it is; null where the platform does not say. */
  private @Nullable String account(Channel.Spec spec, Channel.Credentials credentials) {
    return switch (rules.identify(spec, credentials)) {
      case Identity.Known(String account) -> account;
      case Identity.Unknown _ -> null;
      case Identity.Refused(String detail) ->
          throw PulsegridException.invalid(
              "credentials", "are refused by " + spec.platform() + ": " + detail);
    };
  }

  @Override
  public Channel create(WorkspaceId workspace, Checked checked, boolean paused) {
    Channel.Spec spec = checked.spec();
    rules.check(spec, checked.credentials());
    String id = ids.next();
    String account = Objects.requireNonNullElse(checked.account(), UNTOLD);
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    INSERT INTO channel
                      (id, workspace, platform, handle, base_url, zone, slots, credentials, paused,
                        renew_at, account, identify_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, CASE WHEN ? THEN now() END, nullif(?, ''),
                      CASE WHEN ? THEN now() END)
                    ON CONFLICT (platform, account) DO NOTHING
                    RETURNING\s"""
                        + ChannelRow.COLUMNS)
                .params(
                    id,
                    workspace.value(),
                    spec.platform(),
                    spec.handle(),
                    spec.baseUrl().toString(),
                    spec.zone().getId(),
                    form.slots(spec.slots()),
                    form.seal(id, checked.credentials()),
                    paused,
                    rules.renews(spec, checked.credentials()),
                    account,
                    account.equals(UNTOLD))
                .query((row, _) -> form.channel(row))
                .optional()
                .orElseThrow(() -> taken(workspace, spec.platform(), account)));
  }

  private PulsegridException taken(WorkspaceId workspace, String platform, String account) {
    @Nullable String holder =
        jdbc.sql("SELECT id FROM channel WHERE platform = ? AND account = ? AND workspace = ?")
            .params(platform, account, workspace.value())
            .query(String.class)
            .optional()
            .orElse(null);
    return PulsegridException.invalid("credentials", StoredAccounts.taken(holder));
  }

  @Override
  public Optional<Channel> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    "SELECT " + ChannelRow.COLUMNS + " FROM channel WHERE workspace = ? AND id = ?")
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
                            + ChannelRow.COLUMNS
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
    Identified identified =
        StoreAway.told(() -> read(workspace, id, ""))
            .map(before -> identified(before, spec, credentials, paused))
            .orElse(new Identified(null, null));
    // Held by its lock from the check to the change: nobody's edit is lost in between.
    return changed(
        () -> {
          Unlocked before = lock(workspace, id, expectedVersion);
          requireSame(before.channel().spec().platform(), spec.platform());
          Channel.Credentials wanted = credentials == null ? before.credentials() : credentials;
          rules.check(spec, wanted);
          @Nullable String account =
              identified.of(wanted) ? identified.account() : before.channel().account();
          if (account != null) {
            refuse(StoredAccounts.refusal(jdbc, id, account));
          }
          boolean kept = before.channel().paused() && credentials == null;
          boolean wantedPaused = paused == null ? kept : paused;
          return jdbc.sql(
                  """
                  UPDATE channel SET platform = ?, handle = ?, base_url = ?, zone = ?,
                    slots = ?::jsonb, paused = ?,
                    credentials = CASE WHEN ? THEN ? ELSE credentials END,
                    renew_at = CASE WHEN ? THEN now() WHEN ? THEN NULL ELSE renew_at END,
                    rescued_at = CASE WHEN ? THEN NULL ELSE rescued_at END,
                    pause_reason = CASE WHEN ? THEN pause_reason END,
                    account = coalesce(nullif(?, ''), account),
                    identify_at = CASE WHEN ? THEN now() END, version = version + 1
                  WHERE id = ?
                  RETURNING\s"""
                      + ChannelRow.COLUMNS)
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
                  Objects.requireNonNullElse(account, UNTOLD),
                  account == null || !identified.of(wanted),
                  id)
              .query((row, _) -> form.channel(row))
              .single();
        });
  }

  /**
   * What a platform said of credentials before they were looked at under a lock.
   *
   * @param asked those that it was asked about
   * @param account null where it does not say, or nobody asked
   */
  private record Identified(Channel.@Nullable Credentials asked, @Nullable String account) {
    boolean of(Channel.Credentials wanted) {
      return wanted.equals(asked);
    }
  }

  /** Asks the platform where it may be another account, or refuse this one, by now. */
  private Identified identified(
      Unlocked before,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused) {
    Channel.Spec old = before.channel().spec();
    Channel.Credentials wanted = credentials == null ? before.credentials() : credentials;
    boolean resumed = before.channel().paused() && Boolean.FALSE.equals(paused);
    boolean moved = !old.baseUrl().equals(spec.baseUrl()) || !old.handle().equals(spec.handle());
    if (credentials == null && !resumed && !moved) {
      return new Identified(wanted, before.channel().account());
    }
    requireSame(old.platform(), spec.platform());
    rules.check(spec, wanted);
    return new Identified(wanted, account(spec, wanted));
  }

  private static void refuse(Optional<String> reason) {
    reason.ifPresent(
        why -> {
          throw PulsegridException.invalid("credentials", why);
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
                jdbc.sql("SELECT " + ChannelRow.COLUMNS + " FROM channel WHERE id = ANY (?)")
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
        read(workspace, id, " FOR UPDATE")
            .orElseThrow(() -> PulsegridException.notFound("channel", id));
    long version = found.channel().version();
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != version) {
      throw PulsegridException.of(
          FailureCode.STALE,
          "channel " + id + " is at version " + version + "; read it again before changing it");
    }
    return found;
  }

  private Optional<Unlocked> read(WorkspaceId workspace, String id, String lock) {
    return jdbc.sql(
            "SELECT " + ChannelRow.COLUMNS + " FROM channel WHERE workspace = ? AND id = ?" + lock)
        .params(workspace.value(), id)
        .query((row, _) -> form.unlocked(row))
        .optional();
  }

  /** In a transaction, which another channel of the same account may forestall. */
  private Channel changed(Supplier<Channel> work) {
    try {
      return inTransaction(work);
    } catch (DuplicateKeyException forestalled) {
      throw PulsegridException.invalid("credentials", StoredAccounts.taken(null));
    }
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
