package io.pulsegrid.node.store.engagement;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory;
import io.pulsegrid.core.post.EngagementHistory.Reading;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.node.follow.FollowLedger;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Follows over the tables {@code followed_post} and {@code engagement}, in the store's own time.
 */
public final class StoredFollows implements FollowLedger, EngagementHistory {
  private static final int MOST_READINGS = 1_000;

  /** A settlement may commit after later ones: how far back it is looked for again. */
  private static final String OVERLAP = "interval '2 minutes'";

  /**
   * How often what was published is looked for. Each look goes through the overlap once more, and
   * nobody is asked about a post in its first minutes.
   */
  private static final String BEGUN_EVERY = "interval '1 minute'";

  private static final String DUE =
      "next_at <= now() AND (claimed_until IS NULL OR claimed_until < now())";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public StoredFollows(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  @Override
  public void begin(Map<Followed, Instant> firstDue, Map<String, Engagement> readings) {
    List<Followed> posts = List.copyOf(firstDue.keySet());
    inTransaction(
        () -> {
          if (!posts.isEmpty()) {
            follow(posts, firstDue, readings.keySet());
          }
          return keep(readings);
        });
  }

  private void follow(
      List<Followed> posts, Map<Followed, Instant> firstDue, Collection<String> read) {
    jdbc.sql(
            """
            INSERT INTO followed_post (subject, workspace, platform, native_id, url, source,
              published_at, next_at)
            SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
              ?::timestamptz[], ?::timestamptz[]) AS f (subject)
            WHERE f.subject = ANY(?)
              OR NOT EXISTS (SELECT FROM engagement e WHERE e.subject = f.subject)
            ON CONFLICT DO NOTHING
            """)
        .param(texts(posts, Followed::subject))
        .param(texts(posts, post -> post.workspace().value()))
        .param(texts(posts, Followed::platform))
        .param(texts(posts, Followed::nativeId))
        .param(texts(posts, Followed::url))
        .param(texts(posts, post -> post.asker().id()))
        .param(times(posts, Followed::publishedAt))
        .param(times(posts, firstDue::get))
        .param(read.toArray(String[]::new))
        .update();
  }

  private int keep(Map<String, Engagement> readings) {
    List<Map.Entry<String, Engagement>> rows = List.copyOf(readings.entrySet());
    return rows.isEmpty()
        ? 0
        : jdbc.sql(
                """
                INSERT INTO engagement (subject, at, likes, comments, shares, views)
                SELECT subject, now(), likes, comments, shares, views
                FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                  AS r (subject, likes, comments, shares, views)
                ON CONFLICT DO NOTHING
                """)
            .param(texts(rows, Map.Entry::getKey))
            .param(counts(rows, Engagement::likes))
            .param(counts(rows, Engagement::comments))
            .param(counts(rows, Engagement::shares))
            .param(counts(rows, Engagement::views))
            .update();
  }

  @Override
  public int beginPublished(Map<String, Duration> follow) {
    List<Map.Entry<String, Duration>> platforms = List.copyOf(follow.entrySet());
    return inTransaction(
        () -> {
          // One node looks, the others go on: whoever comes next finds what it left.
          Optional<OffsetDateTime> since =
              jdbc.sql(
                      "SELECT until FROM followed_deliveries WHERE until <= now() - %s FOR UPDATE SKIP LOCKED"
                          .formatted(BEGUN_EVERY))
                  .query(OffsetDateTime.class)
                  .optional();
          if (since.isEmpty()) {
            return 0;
          }
          int begun =
              jdbc.sql(
                      """
                      INSERT INTO followed_post (subject, workspace, platform, native_id, url,
                        channel, published_at, next_at)
                      SELECT d.id, d.workspace, d.platform, d.remote_id, d.remote_url, d.channel,
                        d.changed_at, d.changed_at + interval '5 minutes'
                      FROM delivery d JOIN unnest(?::text[], ?::bigint[]) AS f (platform, seconds)
                        ON f.platform = d.platform
                      WHERE d.state = 'PUBLISHED' AND d.remote_id IS NOT NULL
                        AND d.changed_at > ?::timestamptz - %s
                        AND d.changed_at > now() - f.seconds * interval '1 second'
                      ON CONFLICT DO NOTHING
                      """
                          .formatted(OVERLAP))
                  .param(texts(platforms, Map.Entry::getKey))
                  .param(
                      platforms.stream().map(it -> it.getValue().toSeconds()).toArray(Long[]::new))
                  .param(since.get())
                  .update();
          jdbc.sql("UPDATE followed_deliveries SET until = now()").update();
          return begun;
        });
  }

  @Override
  public Optional<Batch> claim(
      Map<String, Integer> mostAtOnce, Collection<Asker> spared, Duration lease) {
    String[] askers = spared.stream().map(Asker::id).toArray(String[]::new);
    Optional<Followed> head =
        StoreAway.told(
            () ->
                jdbc.sql(
                        "SELECT * FROM followed_post WHERE "
                            + DUE
                            + " AND platform = ANY (?) AND coalesce(source, channel) <> ALL (?)"
                            + " ORDER BY next_at LIMIT 1")
                    .param(mostAtOnce.keySet().toArray(String[]::new))
                    .param(askers)
                    .query((row, _) -> followed(row))
                    .optional());
    return head.map(it -> claim(it, mostAtOnce.getOrDefault(it.platform(), 1), lease))
        .filter(batch -> !batch.posts().isEmpty());
  }

  /** Another node may have been faster: then there are fewer, or none. */
  private Batch claim(Followed head, int most, Duration lease) {
    String of = head.asker() instanceof Asker.OfSource ? "source" : "channel";
    List<Claimed> posts =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        UPDATE followed_post f SET fence = f.fence + 1,
                          claimed_until = now() + make_interval(secs => :lease)
                        FROM (SELECT subject FROM followed_post
                              WHERE %s = :asker AND platform = :platform AND %s
                              ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED) due
                        WHERE f.subject = due.subject
                        RETURNING f.*
                        """
                            .formatted(of, DUE))
                    .param("lease", lease.toMillis() / 1000.0)
                    .param("asker", head.asker().id())
                    .param("platform", head.platform())
                    .param("most", most)
                    .query((row, _) -> new Claimed(followed(row), row.getLong("fence")))
                    .list());
    return new Batch(head.platform(), head.asker(), posts);
  }

  private static Followed followed(ResultSet row) throws SQLException {
    @Nullable String source = row.getString("source");
    return new Followed(
        row.getString("subject"),
        new WorkspaceId(row.getString("workspace")),
        row.getString("platform"),
        row.getString("native_id"),
        row.getString("url"),
        source == null ? new Asker.OfChannel(row.getString("channel")) : new Asker.OfSource(source),
        AgeCursor.instant(row, "published_at"));
  }

  @Override
  public int settle(List<Settled> settled) {
    if (settled.isEmpty()) {
      return 0;
    }
    return inTransaction(
        () -> {
          List<String> stood =
              jdbc.sql(
                      """
                      UPDATE followed_post f SET claimed_until = NULL,
                        next_at = coalesce(s.next_at, 'infinity')
                      FROM unnest(?::text[], ?::bigint[], ?::timestamptz[])
                        AS s (subject, fence, next_at)
                      WHERE f.subject = s.subject AND f.fence = s.fence
                      RETURNING f.subject
                      """)
                  .param(texts(settled, it -> it.claimed().post().subject()))
                  .param(settled.stream().map(it -> it.claimed().fence()).toArray(Long[]::new))
                  .param(times(settled, Settled::next))
                  .query(String.class)
                  .list();
          jdbc.sql("DELETE FROM followed_post WHERE subject = ANY (?) AND next_at = 'infinity'")
              .param(stood.toArray(String[]::new))
              .update();
          Map<String, Engagement> readings = new HashMap<>();
          for (Settled one : settled) {
            if (one.reading() != null && stood.contains(one.claimed().post().subject())) {
              readings.put(one.claimed().post().subject(), one.reading());
            }
          }
          int _ = keep(readings);
          return stood.size();
        });
  }

  @Override
  public Duration lag() {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    SELECT greatest(0, extract(epoch FROM now() - min(next_at)))::bigint
                    FROM (SELECT next_at FROM followed_post ORDER BY next_at LIMIT 1) AS oldest
                    """)
                .query(Long.class)
                .optional()
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO));
  }

  @Override
  public List<Reading> readings(String subject) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    SELECT * FROM (
                      SELECT at, likes, comments, shares, views FROM engagement
                      WHERE subject = ? ORDER BY at DESC LIMIT ?) AS latest
                    ORDER BY at
                    """)
                .params(subject, MOST_READINGS)
                .query(
                    (row, _) ->
                        new Reading(
                            AgeCursor.instant(row, "at"),
                            new Engagement(
                                row.getLong("likes"),
                                row.getLong("comments"),
                                row.getLong("shares"),
                                row.getLong("views"))))
                .list());
  }

  @Override
  public List<Reading> ofPost(PostId post) {
    return readings(post.value());
  }

  @Override
  public List<Reading> ofDelivery(String delivery) {
    return readings(delivery);
  }

  @Override
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM engagement WHERE (subject, at) IN (
                      SELECT subject, at FROM engagement
                      WHERE at < now() - ? * interval '1 second' LIMIT ?)
                    """)
                .params(age.toSeconds(), limit)
                .update());
  }

  private static <R> @Nullable String[] texts(
      List<R> rows, Function<? super R, @Nullable String> text) {
    @Nullable String[] texts = new @Nullable String[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text.apply(rows.get(i));
    }
    return texts;
  }

  /** As texts: the driver binds no array of times. */
  private static <R> @Nullable String[] times(
      List<R> rows, Function<? super R, @Nullable Instant> time) {
    return texts(
        rows,
        row -> {
          @Nullable Instant at = time.apply(row);
          return at == null ? null : at.toString();
        });
  }

  private static Long[] counts(
      List<Map.Entry<String, Engagement>> rows, Function<Engagement, Long> count) {
    return rows.stream().map(row -> count.apply(row.getValue())).toArray(Long[]::new);
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
