package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.Occurrence;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Where scheduled posts and their deliveries are kept. Its callers bring the transaction. */
public final class ScheduleStore {
  private static final String SELECT_POST =
      """
      SELECT s.*, v.keys, v.texts FROM scheduled_post s LEFT JOIN LATERAL (
        SELECT array_agg(key ORDER BY key) AS keys, array_agg(value ORDER BY key) AS texts
        FROM jsonb_each_text(s.variants)) v ON true
      """;

  private final JdbcOperations jdbc;
  private final TransactionOperations transactions;

  public ScheduleStore(JdbcOperations jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * A delivery to be written for the first time.
   *
   * @param inSlot whether it holds the slot at its due time
   * @param event the id under which it is told
   */
  public record NewDelivery(
      Delivery delivery,
      String platform,
      Instant expiresAt,
      int priority,
      boolean inSlot,
      String idempotencyKey,
      String event) {}

  /**
   * A delivery whose due time moves with its post.
   *
   * @param inSlot whether it then holds the slot at its due time
   */
  public record Moved(
      String delivery,
      Instant dueAt,
      Instant expiresAt,
      int priority,
      boolean inSlot,
      String event) {}

  /**
   * All of {@code work} commits, or none; joins a transaction that is already under way.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} when the store is away
   */
  public <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transactions.execute(_ -> work.get())));
  }

  /** Runs once what is under way has committed; at once when nothing is; never if it rolls back. */
  public void afterCommit(Runnable action) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }

  /** The channels of a workspace among {@code ids}; none of them is deleted before the commit. */
  public Map<String, Channel.Spec> holdChannels(WorkspaceId workspace, List<String> ids) {
    Map<String, Channel.Spec> channels = new LinkedHashMap<>();
    Columns<String> columns = Columns.of(ids).text(id -> id);
    jdbc.query(
        """
        SELECT id, platform, handle, base_url, zone FROM channel
        WHERE id = ANY (?) AND workspace = ? ORDER BY id FOR KEY SHARE
        """,
        statement -> statement.setString(columns.bind(statement, 1), workspace.value()),
        row -> {
          channels.put(
              row.getString("id"),
              new Channel.Spec(
                  row.getString("platform"),
                  row.getString("handle"),
                  URI.create(row.getString("base_url")),
                  ZoneId.of(row.getString("zone")),
                  List.of()));
        });
    return channels;
  }

  /** Writes new posts; their deliveries are {@link #addDeliveries}' part of the transaction. */
  public void addPosts(List<ScheduledPost> posts) {
    jdbc.batchUpdate(
        """
        INSERT INTO scheduled_post (id, workspace, text, variants, channels, when_kind, wall_clock,
          zone, instant, adjustment, resolved_each, priority, expires_after_seconds, version,
          created_at, series, occurrence)
        VALUES (?, ?, ?, jsonb_object(?, ?), ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)
        """,
        posts,
        500,
        (statement, post) -> {
          statement.setString(1, post.id());
          statement.setString(2, post.workspace().value());
          int next = bindContent(statement, 3, post);
          statement.setLong(next, post.version());
          statement.setObject(next + 1, post.createdAt().atOffset(ZoneOffset.UTC));
          @Nullable Occurrence occurrence = post.occurrence();
          statement.setString(next + 2, occurrence == null ? null : occurrence.series());
          statement.setObject(next + 3, occurrence == null ? null : occurrence.local());
        });
  }

  /** Overwrites what a post says and when; raises its version. */
  public void changePost(ScheduledPost post) {
    jdbc.update(
        """
        UPDATE scheduled_post SET text = ?, variants = jsonb_object(?, ?), channels = ?,
          when_kind = ?, wall_clock = ?, zone = ?, instant = ?, adjustment = ?,
          resolved_each = ?::jsonb, priority = ?, expires_after_seconds = ?, version = ?
        WHERE id = ?
        """,
        statement -> {
          int next = bindContent(statement, 1, post);
          statement.setLong(next, post.version());
          statement.setString(next + 1, post.id());
        });
  }

  /** Writes new deliveries and what is to be told of them. */
  public void addDeliveries(List<NewDelivery> deliveries) {
    Columns<NewDelivery> columns =
        Columns.of(deliveries)
            .text(one -> one.delivery().id())
            .text(one -> one.delivery().workspace().value())
            .text(one -> one.delivery().scheduledPost())
            .text(one -> one.delivery().channel())
            .text(NewDelivery::platform)
            .text(one -> one.delivery().state().name())
            .instant(one -> one.delivery().dueAt())
            .instant(NewDelivery::expiresAt)
            .number(NewDelivery::priority)
            .number(one -> one.delivery().fence())
            .text(NewDelivery::idempotencyKey)
            .text(NewDelivery::event)
            .instant(one -> one.inSlot() ? one.delivery().dueAt() : null)
            .instant(ScheduleStore::askedAt);
    jdbc.update(
        """
        WITH added AS (
          INSERT INTO delivery (id, workspace, scheduled_post, channel, platform, state, due_at,
            expires_at, priority, fence, idempotency_key, last_event, slot_at,
            asked_at)
          SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
            ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
            ?::timestamptz[], ?::timestamptz[])
          RETURNING id, channel, platform, scheduled_post, last_event, workspace,
            delivery_event(delivery) AS payload
        ), said AS (
          INSERT INTO saying (delivery, channel, said)
          SELECT a.id, a.channel, md5(coalesce(s.variants ->> a.platform, s.text))
          FROM added a JOIN scheduled_post s ON s.id = a.scheduled_post
        )
        INSERT INTO outbox (id, workspace, subject, payload)
        SELECT last_event, workspace, 'delivery', payload FROM added
        """,
        statement -> columns.bind(statement, 1));
  }

  /** Null where it is due when it was asked for. */
  private static @Nullable Instant askedAt(NewDelivery one) {
    Delivery delivery = one.delivery();
    return delivery.askedAt().equals(delivery.dueAt()) ? null : delivery.askedAt();
  }

  /** Moves deliveries that are locked by {@link #deliveriesForChange}. */
  public void moveDeliveries(List<Moved> deliveries) {
    Columns<Moved> columns =
        Columns.of(deliveries)
            .text(Moved::delivery)
            .instant(Moved::dueAt)
            .instant(Moved::expiresAt)
            .number(Moved::priority)
            .text(Moved::event)
            .instant(one -> one.inSlot() ? one.dueAt() : null);
    jdbc.update(
        """
        WITH moved AS (
          UPDATE delivery d SET due_at = g.due_at, asked_at = NULL, expires_at = g.expires_at,
            priority = g.priority, slot_at = g.slot_at, fence = d.fence + 1, last_event = g.event,
            changed_at = now()
          FROM unnest(?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::text[],
            ?::timestamptz[]) AS g (id, due_at, expires_at, priority, event, slot_at)
          WHERE d.id = g.id
          RETURNING d.id, d.platform, d.scheduled_post, d.last_event, d.workspace,
            delivery_event(d) AS payload
        ), said AS (
          UPDATE saying x SET said = md5(coalesce(s.variants ->> m.platform, s.text))
          FROM moved m JOIN scheduled_post s ON s.id = m.scheduled_post WHERE x.delivery = m.id
        )
        INSERT INTO outbox (id, workspace, subject, payload)
        SELECT last_event, workspace, 'delivery', payload FROM moved
        """,
        statement -> columns.bind(statement, 1));
  }

  /**
   * A post as stored, its deliveries locked until the transaction ends: nothing arms them before.
   */
  public Optional<ScheduledPost> findForChange(WorkspaceId workspace, String id) {
    return jdbc
        .query(
            SELECT_POST + " WHERE s.workspace = ? AND s.id = ? FOR UPDATE OF s",
            (row, _) -> PostRow.of(row),
            workspace.value(),
            id)
        .stream()
        .findFirst()
        .map(post -> post.with(deliveriesForChange(id).stream().map(Charge::delivery).toList()));
  }

  /** The deliveries of a post with what the rules need, locked until the transaction ends. */
  public List<Charge> deliveriesForChange(String post) {
    return jdbc.query(
        "SELECT %s FROM delivery d WHERE d.scheduled_post = ? ORDER BY d.id FOR UPDATE"
            .formatted(Rows.DELIVERY),
        (row, _) -> Rows.charge(row),
        post);
  }

  public Optional<ScheduledPost> find(WorkspaceId workspace, String id) {
    return StoreAway.told(() -> read(workspace, id));
  }

  private Optional<ScheduledPost> read(WorkspaceId workspace, String id) {
    List<PostRow> rows =
        jdbc.query(
            SELECT_POST + " WHERE s.workspace = ? AND s.id = ?",
            (row, _) -> PostRow.of(row),
            workspace.value(),
            id);
    return withDeliveries(rows).stream().findFirst();
  }

  /** Latest created first. */
  public Page<ScheduledPost> list(WorkspaceId workspace, PageRequest page) {
    return StoreAway.told(() -> read(workspace, page));
  }

  private Page<ScheduledPost> read(WorkspaceId workspace, PageRequest page) {
    List<PostRow> rows;
    String order = " ORDER BY s.created_at DESC, s.id DESC LIMIT ?";
    if (page.cursor() == null) {
      rows =
          jdbc.query(
              SELECT_POST + " WHERE s.workspace = ?" + order,
              (row, _) -> PostRow.of(row),
              workspace.value(),
              page.limit() + 1);
    } else {
      PagePosition after = PagePosition.of(page.cursor());
      rows =
          jdbc.query(
              SELECT_POST + " WHERE s.workspace = ? AND (s.created_at, s.id) < (?, ?)" + order,
              (row, _) -> PostRow.of(row),
              workspace.value(),
              after.at(),
              after.id(),
              page.limit() + 1);
    }
    return Page.cut(
        withDeliveries(rows), page.limit(), post -> Cursor.encode(post.createdAt(), post.id()));
  }

  private List<ScheduledPost> withDeliveries(Collection<PostRow> posts) {
    Map<String, List<Delivery>> deliveries = new LinkedHashMap<>();
    Columns<PostRow> columns = Columns.of(List.copyOf(posts)).text(PostRow::id);
    jdbc.query(
        "SELECT %s FROM delivery d WHERE d.scheduled_post = ANY (?) ORDER BY d.id"
            .formatted(Rows.DELIVERY),
        statement -> columns.bind(statement, 1),
        row -> {
          deliveries
              .computeIfAbsent(row.getString("scheduled_post"), _ -> new ArrayList<>())
              .add(Rows.delivery(row));
        });
    return posts.stream()
        .map(post -> post.with(deliveries.getOrDefault(post.id(), List.of())))
        .toList();
  }

  private static int bindContent(PreparedStatement statement, int first, ScheduledPost post)
      throws SQLException {
    ScheduledPost.Draft draft = post.draft();
    List<String> platforms = List.copyOf(draft.variants().keySet());
    int at = first;
    statement.setString(at++, draft.text());
    at = Columns.of(platforms).text(name -> name).text(draft.variants()::get).bind(statement, at);
    at = Columns.of(draft.channels()).text(id -> id).bind(statement, at);
    statement.setString(
        at++,
        switch (draft.when()) {
          case When.Now _ -> "now";
          case When.At _ -> "at";
          case When.Local _ -> "local";
          case When.ChannelLocal _ -> "channel-local";
          case When.NextSlot _ -> "slot";
        });
    Resolved told = post.resolved().getFirst();
    statement.setObject(at++, told.local());
    statement.setString(at++, told.zone().getId());
    statement.setObject(at++, told.instant().atOffset(ZoneOffset.UTC));
    statement.setString(at++, told.adjustment().name());
    statement.setString(at++, ResolvedJson.write(post.resolved()));
    statement.setInt(at++, draft.priority());
    statement.setLong(at++, draft.expiresAfter().toSeconds());
    return at;
  }
}
