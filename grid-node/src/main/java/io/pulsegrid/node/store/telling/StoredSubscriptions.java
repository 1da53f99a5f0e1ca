package io.pulsegrid.node.store.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.telling.Subscriptions;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.telling.Webhooks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.ChannelRules.Addresses;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The subscriptions over the table {@code subscription}. */
public final class StoredSubscriptions implements Subscriptions {
  private static final int MOST = 200;

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Webhooks webhooks;
  private final Addresses addresses;
  private final IdSource ids;

  public StoredSubscriptions(
      JdbcClient jdbc,
      TransactionOperations transactions,
      Webhooks webhooks,
      Addresses addresses,
      IdSource ids) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.webhooks = webhooks;
    this.addresses = addresses;
    this.ids = ids;
  }

  /** The webhook that is told, and its secret where it was made just now. */
  private record Told(@Nullable String webhook, @Nullable String address, @Nullable String secret) {
    static final Told STREAM = new Told(null, null, null);
  }

  @Override
  public void check(WorkspaceId workspace, Subscription.Spec spec) {
    Optional<String> refusal =
        switch (spec.target()) {
          case null -> Optional.empty();
          case Target.Address(URI url) -> addresses.refusal(url);
          case Target.OfWebhook(String id) when webhooks.find(workspace, id).isEmpty() ->
              Optional.of(
                  "must be a web address or the id of a webhook; there is no webhook " + id);
          case Target.OfWebhook _ -> Optional.empty();
        };
    refusal.ifPresent(
        why -> {
          throw PulsegridException.invalid("target", why);
        });
  }

  @Override
  public Subscription.Made create(WorkspaceId workspace, Subscription.Spec spec) {
    // One transaction, that of the caller's Idempotency-Key where there is one: a crash leaves
    // neither the subscription nor the webhook of its address.
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                transactions.execute(
                    _ -> {
                      Told told = told(workspace, spec.target());
                      return new Subscription.Made(
                          insert(workspace, spec.wanted(), told), told.secret());
                    })));
  }

  private Told told(WorkspaceId workspace, @Nullable Target target) {
    return switch (target) {
      case null -> Told.STREAM;
      case Target.OfWebhook(String id) -> new Told(id, null, null);
      case Target.Address(URI url) -> {
        Optional<String> known =
            jdbc.sql(
                    """
                    SELECT id FROM webhook WHERE workspace = ? AND url = ? AND events = '{}'
                    ORDER BY created_at, id LIMIT 1 FOR KEY SHARE
                    """)
                .params(workspace.value(), url.toString())
                .query(String.class)
                .optional();
        if (known.isPresent()) {
          yield new Told(known.get(), url.toString(), null);
        }
        Webhook.Made made = webhooks.create(workspace, new Webhook.Spec(url, Set.of()), null);
        yield new Told(made.webhook().id(), url.toString(), made.secret());
      }
    };
  }

  private Subscription insert(WorkspaceId workspace, Wanted wanted, Told told) {
    return jdbc.sql(
            """
            INSERT INTO subscription (id, workspace, keyword, query, platform, min_score, webhook,
              address)
            SELECT :id, :workspace, :keyword, :query, :platform, :minScore, :webhook, :address
            WHERE (SELECT count(*) FROM subscription WHERE workspace = :workspace) < :most
            RETURNING *
            """)
        .param("id", ids.next())
        .param("workspace", workspace.value())
        .param("keyword", wanted.keyword())
        .param("query", wanted.query())
        .param("platform", wanted.platform())
        .param("minScore", wanted.minScore())
        .param("webhook", told.webhook())
        .param("address", told.address())
        .param("most", MOST)
        .query((row, _) -> subscription(row))
        .optional()
        .orElseThrow(
            () ->
                PulsegridException.of(
                    FailureCode.CONFLICT,
                    "a workspace has at most " + MOST + " subscriptions; remove one first"));
  }

  @Override
  public Optional<Subscription> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT * FROM subscription WHERE workspace = ? AND id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> subscription(row))
                .optional());
  }

  @Override
  public Page<Subscription> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<Subscription> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        SELECT * FROM subscription
                        WHERE workspace = ? AND (created_at, id) > (?, ?)
                        ORDER BY created_at, id LIMIT ?
                        """)
                    .params(workspace.value(), from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> subscription(row))
                    .list());
    return Page.cut(found, page.limit(), it -> AgeCursor.after(it.createdAt(), it.id()));
  }

  @Override
  public void delete(WorkspaceId workspace, String id) {
    Optional<Boolean> gone =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        WITH gone AS (
                          DELETE FROM subscription WHERE workspace = ? AND id = ?
                          RETURNING id, webhook
                        ), ended AS (
                          UPDATE alert a SET over_at = now() FROM gone g
                          WHERE a.subscription = g.id AND a.over_at IS NULL)
                        SELECT webhook IS NOT NULL FROM gone
                        """)
                    .params(workspace.value(), id)
                    .query(Boolean.class)
                    .optional());
    if (gone.orElseThrow(() -> PulsegridException.notFound("subscription", id))) {
      // A crash before this leaves a webhook that is told nothing; forget() takes it away.
      forgetDeaf(Duration.ZERO);
    }
  }

  /**
   * Forgets up to {@code limit} notes of what was told of trends that are gone, and webhooks that
   * were made for subscriptions and have none left; how many notes.
   */
  public int forget(int limit) {
    forgetDeaf(Duration.ofHours(1));
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM subscription_told WHERE event IN (
                      SELECT event FROM subscription_told d WHERE at < now() - interval '1 day'
                        AND NOT EXISTS (SELECT FROM trend t WHERE t.id = d.trend)
                        AND NOT EXISTS (SELECT FROM trend_alias a WHERE a.alias = d.trend)
                      ORDER BY at LIMIT ?)
                    """)
                .params(limit)
                .update());
  }

  private void forgetDeaf(Duration age) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        DELETE FROM webhook w WHERE w.events = '{}'
                          AND w.created_at <= now() - make_interval(secs => ?)
                          AND NOT EXISTS (SELECT FROM subscription s WHERE s.webhook = w.id)
                        """)
                    .params(age.toSeconds())
                    .update());
  }

  static Subscription subscription(ResultSet row) throws SQLException {
    String webhook = row.getString("webhook");
    String address = row.getString("address");
    Target target =
        address != null
            ? new Target.Address(URI.create(address))
            : webhook != null ? new Target.OfWebhook(webhook) : null;
    return new Subscription(
        row.getString("id"),
        new WorkspaceId(row.getString("workspace")),
        new Subscription.Spec(
            new Wanted(
                row.getString("keyword"),
                row.getString("query"),
                row.getString("platform"),
                row.getDouble("min_score")),
            target),
        webhook,
        AgeCursor.instant(row, "created_at"));
  }
}
