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
import io.pulsegrid.node.store.channels.Identification.Answer;
import io.pulsegrid.node.store.ledger.SealedCredentials;
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
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ChannelRules rules;
  private final ChannelRow form;
  private final Identification identification;
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
    this.identification = new Identification(jdbc, rules);
    this.ids = ids;
  }

  @Override
  public Checked check(Channel.Spec spec, Channel.Credentials credentials) {
    rules.checkAddress(spec, credentials);
    return new Checked(spec, credentials, identification.ask(spec, credentials).identity());
  }

  @Override
  public Channel create(WorkspaceId workspace, Checked checked, boolean paused) {
    Channel.Spec spec = checked.spec();
    rules.check(spec, checked.credentials());
    String id = ids.next();
    String account = AccountNames.of(checked.identity(), workspace).orElse("");
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
                    checked.identity() instanceof Identity.Unknown)
                .query((row, _) -> form.channel(row))
                .optional()
                .orElseThrow(() -> identification.taken(id, workspace, spec.platform(), account)));
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
    Answer answer =
        StoreAway.told(() -> read(workspace, id, ""))
            .map(row -> asked(row, spec, credentials, paused, expectedVersion))
            .orElse(Answer.NOT_ASKED);
    // Held by its lock from the check to the change: nobody's edit is lost in between.
    return changed(
        () -> {
          Row before = lock(workspace, id, expectedVersion);
          requireSame(before.channel().spec().platform(), spec.platform());
          Channel.Credentials wanted = credentials == null ? opened(before) : credentials;
          rules.check(spec, wanted);
          Answer told = answer.about(wanted);
          boolean moved = isMoved(before.channel(), spec);
          boolean changed = moved || isOther(before, credentials);
          Optional<String> account = identification.account(before.channel(), told, changed);
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
                    account = nullif(?, ''),
                    identify_at = CASE WHEN ? THEN now() WHEN ? THEN NULL ELSE identify_at END,
                    version = version + 1
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
                  account.orElse(""),
                  // Also where what was to be asked about came only since the question.
                  told.identity() instanceof Identity.Unknown
                      && (told.wasAsked() || moved || (before.channel().paused() && !wantedPaused)),
                  told.wasAsked(),
                  id)
              .query((row, _) -> form.channel(row))
              .single();
        });
  }

  /** A channel as its row holds it. */
  private record Row(Channel channel, SealedCredentials sealed) {}

  /**
   * Asks the platform where the channel may be another account's after a change, or would go on
   * with credentials that are refused.
   */
  private Answer asked(
      Row before,
      Channel.Spec spec,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused,
      OptionalLong expectedVersion) {
    requireVersion(before.channel(), expectedVersion);
    Channel.Spec old = before.channel().spec();
    requireSame(old.platform(), spec.platform());
    boolean resumed = before.channel().paused() && Boolean.FALSE.equals(paused);
    if (credentials == null && !resumed && !isMoved(before.channel(), spec)) {
      return Answer.NOT_ASKED;
    }
    Channel.Credentials wanted = credentials == null ? opened(before) : credentials;
    rules.check(spec, wanted);
    // A refusal of what was there before, and stays, is no reason to keep a wrong address.
    return credentials == null && !resumed
        ? identification.askAbout(spec, wanted)
        : identification.ask(spec, wanted);
  }

  private static boolean isMoved(Channel before, Channel.Spec spec) {
    Channel.Spec old = before.spec();
    return !old.baseUrl().equals(spec.baseUrl()) || !old.handle().equals(spec.handle());
  }

  private boolean isOther(Row before, Channel.@Nullable Credentials credentials) {
    try {
      return credentials != null && !credentials.equals(opened(before));
    } catch (PulsegridException sealedWithAnotherKey) {
      return true;
    }
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

  private Row lock(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Row found =
        read(workspace, id, " FOR UPDATE")
            .orElseThrow(() -> PulsegridException.notFound("channel", id));
    requireVersion(found.channel(), expectedVersion);
    return found;
  }

  private static void requireVersion(Channel channel, OptionalLong expectedVersion) {
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != channel.version()) {
      throw PulsegridException.of(
          FailureCode.STALE,
          "channel %s is at version %d; read it again before changing it"
              .formatted(channel.id(), channel.version()));
    }
  }

  private Optional<Row> read(WorkspaceId workspace, String id, String lock) {
    return jdbc.sql(
            "SELECT " + ChannelRow.COLUMNS + " FROM channel WHERE workspace = ? AND id = ?" + lock)
        .params(workspace.value(), id)
        .query(
            (row, _) ->
                new Row(form.channel(row), new SealedCredentials(row.getBytes("credentials"))))
        .optional();
  }

  private Channel.Credentials opened(Row row) {
    return form.open(row.channel().id(), row.sealed().bytes());
  }

  /** In a transaction, which another channel of the same account may forestall. */
  private Channel changed(Supplier<Channel> work) {
    try {
      return inTransaction(work);
    } catch (DuplicateKeyException forestalled) {
      throw PulsegridException.invalid("credentials", AccountNames.taken("another channel"));
    }
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
