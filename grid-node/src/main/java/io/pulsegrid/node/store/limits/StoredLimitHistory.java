package io.pulsegrid.node.store.limits;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.node.limits.LimitHistory;
import io.pulsegrid.node.limits.LimitScope;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The history of limits over the ledger and the tables {@code limit_block}, {@code limit_action}.
 */
public final class StoredLimitHistory implements LimitHistory {
  private static final String PUBLISH = "publish";

  private static final String OUTSIDE =
      """
      SELECT o.channel AS of, o.taken_at AS ended
      FROM limit_action o JOIN channel c ON c.id = o.channel
      WHERE c.id = ANY (:of) AND o.action = :action
        AND o.taken_at > now() - :reach * interval '1 second'
      """;

  private static final String OF_NO_CHANNEL =
      """
      scope LIKE 'channel:%' AND NOT EXISTS (SELECT FROM channel WHERE 'channel:' || id = scope)
      """;

  private final JdbcClient jdbc;

  public StoredLimitHistory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Duration> begin(LimitScope scope) {
    return Optional.ofNullable(beginAll(List.of(scope)).get(scope));
  }

  // Two statements: one alone would not see the note of another that it had to wait for.
  @Override
  public Map<LimitScope, Duration> beginAll(Collection<LimitScope> scopes) {
    Map<String, LimitScope> named = named(scopes);
    String[] names = named.keySet().toArray(String[]::new);
    return StoreAway.told(
        () -> {
          Set<String> fresh =
              new HashSet<>(
                  jdbc.sql(
                          """
                          INSERT INTO limit_scope (scope)
                          SELECT name FROM unnest(?::text[]) AS n (name) ORDER BY name
                          ON CONFLICT DO NOTHING RETURNING scope
                          """)
                      .param(names)
                      .query(String.class)
                      .list());
          return fresh.size() == names.length ? Map.of() : notedBefore(named, names, fresh);
        });
  }

  private Map<LimitScope, Duration> notedBefore(
      Map<String, LimitScope> named, String[] names, Set<String> fresh) {
    Map<String, Duration> ages = new HashMap<>();
    jdbc.sql(
            """
            SELECT scope, extract(epoch FROM now() - begun_at)::double precision AS age
            FROM limit_scope WHERE scope = ANY (?)
            """)
        .param(names)
        .query(
            row -> {
              ages.put(
                  row.getString("scope"), Duration.ofMillis((long) (row.getDouble("age") * 1000)));
            });
    Map<LimitScope, Duration> noted = new HashMap<>();
    named.forEach(
        (name, scope) -> {
          if (!fresh.contains(name)) {
            // Purged in between: whoever asks again notes it anew.
            noted.put(scope, ages.getOrDefault(name, Duration.ZERO));
          }
        });
    return noted;
  }

  @Override
  public List<Instant> ends(LimitScope scope, String action, Duration reach) {
    return endsAll(List.of(scope), action, reach).getOrDefault(scope, List.of());
  }

  @Override
  public Map<LimitScope, List<Instant>> endsAll(
      Collection<LimitScope> scopes, String action, Duration reach) {
    boolean published = action.equals(PUBLISH);
    Map<String, LimitScope> channels = new HashMap<>();
    Map<String, LimitScope> platforms = new HashMap<>();
    for (LimitScope scope : scopes) {
      switch (scope) {
        case LimitScope.OfChannel channel -> channels.put(channel.id(), scope);
        case LimitScope.OfApp app -> platforms.put(app.platform(), scope);
      }
    }
    Map<LimitScope, List<Instant>> ends = new HashMap<>();
    if (!channels.isEmpty()) {
      String sql = published ? OUTSIDE + " UNION ALL " + calls("channel") : OUTSIDE;
      read(sql, channels, action, reach, ends);
    }
    // What was done outside was not done by the app.
    if (published && !platforms.isEmpty()) {
      read(calls("platform"), platforms, action, reach, ends);
    }
    return ends;
  }

  private void read(
      String sql,
      Map<String, LimitScope> scopes,
      String action,
      Duration reach,
      Map<LimitScope, List<Instant>> ends) {
    StoreAway.told(
        () -> {
          jdbc.sql(sql)
              .param("of", scopes.keySet().toArray(String[]::new))
              .param("action", action)
              .param("reach", reach.plusMinutes(1).toSeconds())
              .query(
                  row -> {
                    LimitScope scope = scopes.get(row.getString("of"));
                    if (scope != null) {
                      ends.computeIfAbsent(scope, _ -> new ArrayList<>())
                          .add(AgeCursor.instant(row, "ended"));
                    }
                  });
          return ends;
        });
  }

  // Calls that reached the platform, as far as anyone can know. One whose end nobody saw may have
  // been counted a little later than we gave it up.
  private static String calls(String ofDelivery) {
    return """
        SELECT d.%1$s AS of,
          CASE WHEN a.outcome IN ('ambiguous', 'swept') THEN a.ended_at + interval '1 minute'
               ELSE a.ended_at END AS ended
        FROM delivery d JOIN attempt a ON a.delivery = d.id
        WHERE d.%1$s = ANY (:of)
          -- An entry that came late may be younger than the change of its delivery.
          AND d.changed_at > now() - :reach * interval '1 second' - interval '1 hour'
          AND a.ended_at > now() - :reach * interval '1 second'
          AND a.outcome IN ('accepted', 'rejected', 'unauthorized', 'expired', 'ambiguous', 'swept')
        UNION ALL
        SELECT %1$s, lease_until FROM delivery WHERE %1$s = ANY (:of) AND state = 'ARMED'
        """
        .formatted(ofDelivery);
  }

  @Override
  public Optional<LimitedScope.Block> block(LimitScope scope) {
    return Optional.ofNullable(blocks(List.of(scope)).get(scope));
  }

  @Override
  public Map<LimitScope, LimitedScope.Block> blocks(Collection<LimitScope> scopes) {
    Map<String, LimitScope> named = named(scopes);
    return StoreAway.told(
        () -> {
          Map<LimitScope, LimitedScope.Block> blocks = new HashMap<>();
          jdbc.sql(
                  "SELECT scope, until, reason FROM limit_block WHERE scope = ANY (?) AND until > now()")
              .param(named.keySet().toArray(String[]::new))
              .query(
                  row -> {
                    LimitScope scope = named.get(row.getString("scope"));
                    if (scope != null) {
                      blocks.put(
                          scope,
                          new LimitedScope.Block(
                              AgeCursor.instant(row, "until"), row.getString("reason")));
                    }
                  });
          return blocks;
        });
  }

  private static Map<String, LimitScope> named(Collection<LimitScope> scopes) {
    Map<String, LimitScope> named = new TreeMap<>();
    scopes.forEach(scope -> named.put(scope.name(), scope));
    return named;
  }

  @Override
  public void keep(LimitScope scope, LimitedScope.Block block) {
    StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    INSERT INTO limit_block (scope, until, reason) VALUES (?, ?, ?)
                    ON CONFLICT (scope) DO UPDATE
                      SET until = excluded.until, reason = excluded.reason, set_at = now()
                      WHERE limit_block.until < excluded.until
                    """)
                .params(scope.name(), block.until().atOffset(ZoneOffset.UTC), block.reason())
                .update());
  }

  @Override
  public void forget(LimitScope scope) {
    StoreAway.told(
        () -> jdbc.sql("DELETE FROM limit_block WHERE scope = ?").param(scope.name()).update());
  }

  @Override
  public void keep(String id, String channelId, String action, Instant at) {
    StoreAway.told(
        () ->
            jdbc.sql("INSERT INTO limit_action (id, channel, action, taken_at) VALUES (?, ?, ?, ?)")
                .params(id, channelId, action, at.atOffset(ZoneOffset.UTC))
                .update());
  }

  @Override
  public boolean uses(String platform) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT EXISTS (SELECT FROM channel WHERE platform = ?)")
                .param(platform)
                .query(Boolean.class)
                .single());
  }

  /** Forgets what no window reaches back to any more; returns how many rows. */
  public int purge(Duration reach) {
    return StoreAway.told(
        () ->
            jdbc.sql("DELETE FROM limit_block WHERE until < now()").update()
                + jdbc.sql("DELETE FROM limit_scope WHERE " + OF_NO_CHANNEL).update()
                + jdbc.sql("DELETE FROM limit_rule WHERE " + OF_NO_CHANNEL).update()
                + jdbc.sql(
                        """
                        DELETE FROM limit_action
                        WHERE taken_at < now() - :reach * interval '1 second'
                        """)
                    .param("reach", reach.toSeconds())
                    .update());
  }
}
