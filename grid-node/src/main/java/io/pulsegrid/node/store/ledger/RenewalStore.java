package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Who may renew a channel's token, and the new one's way into its row: one at a time over all
 * nodes, and only in place of the credentials that were renewed, never of those that a person gave
 * since.
 */
public final class RenewalStore {
  // It was refused and renewed, and nothing was published since: another would fare no better.
  private static final String UNPROVEN =
      """
      (c.rescued_at > now() - interval '1 hour' AND NOT EXISTS (SELECT FROM delivery d
        WHERE d.channel = c.id AND d.changed_at > c.rescued_at AND d.state = 'PUBLISHED'))\
      """;

  private final JdbcOperations jdbc;

  public RenewalStore(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether a refused token may be renewed, and by whom. */
  public enum Claim {
    /** By the caller, until the lease is over. */
    OURS,
    /** Somebody does just now. */
    OTHERS,
    /** It is another one by now. */
    DONE,
    /** It was, not long ago, and the new one is refused as well. */
    IN_VAIN
  }

  /** A channel whose token is to be renewed. */
  public record Due(String channel, Channel.Spec spec, SealedCredentials credentials) {}

  /**
   * Claims the renewal of credentials that a platform refused.
   *
   * @param used what they were, as the row held them
   */
  public Claim claim(String channel, SealedCredentials used, Duration lease) {
    return StoreAway.told(
        () ->
            jdbc
                .query(
                    """
                    WITH ours AS (
                      UPDATE channel c
                      SET renewing_until = now() + make_interval(secs => ? / 1000.0)
                      WHERE c.id = ? AND c.credentials = ?
                        AND (c.renewing_until IS NULL OR c.renewing_until <= now())
                        AND NOT coalesce(%1$s, false)
                      RETURNING id
                    )
                    SELECT EXISTS (SELECT FROM ours) AS ours, c.credentials <> ? AS done,
                      coalesce(c.renewing_until > now(), false) AS others,
                      coalesce(%1$s, false) AS in_vain
                    FROM channel c WHERE c.id = ?
                    """
                        .formatted(UNPROVEN),
                    (row, _) -> claim(row),
                    lease.toMillis(),
                    channel,
                    used.bytes(),
                    used.bytes(),
                    channel)
                .stream()
                .findFirst()
                // The channel is gone: nothing is left to be renewed.
                .orElse(Claim.IN_VAIN));
  }

  private static Claim claim(ResultSet row) throws SQLException {
    if (row.getBoolean("ours")) {
      return Claim.OURS;
    }
    if (row.getBoolean("done")) {
      return Claim.DONE;
    }
    // Neither: somebody claimed it between our look and our wish.
    return row.getBoolean("in_vain") && !row.getBoolean("others") ? Claim.IN_VAIN : Claim.OTHERS;
  }

  /** Claims a channel whose time to be renewed has come, before its token ends. */
  public Optional<Due> claimDue(Duration lease) {
    return StoreAway.told(
        () ->
            jdbc
                .query(
                    """
                UPDATE channel c SET renewing_until = now() + make_interval(secs => ? / 1000.0)
                WHERE c.id IN (SELECT id FROM channel WHERE renew_at <= now()
                    AND (renewing_until IS NULL OR renewing_until <= now())
                  ORDER BY renew_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING c.id, c.platform, c.handle, c.base_url, c.zone, c.credentials
                """,
                    (row, _) -> due(row),
                    lease.toMillis())
                .stream()
                .findFirst());
  }

  /**
   * Keeps new credentials in place of those that were renewed, and lets the channel go on.
   *
   * @param refused whether those before had been refused, or were only about to end
   * @param nextAt when to renew them; null for when they are refused
   * @return false where a person has given others meanwhile: theirs stay
   */
  public boolean keep(
      String channel,
      SealedCredentials before,
      SealedCredentials after,
      boolean refused,
      @Nullable Instant nextAt) {
    int kept =
        Objects.requireNonNull(
            StoreAway.told(
                () ->
                    jdbc.update(
                        """
                        UPDATE channel SET credentials = ?, rescued_at = CASE WHEN ? THEN now() END,
                          renew_at = ?, renewing_until = NULL
                        WHERE id = ? AND credentials = ?
                        """,
                        after.bytes(),
                        refused,
                        nextAt == null ? null : nextAt.atOffset(ZoneOffset.UTC),
                        channel,
                        before.bytes())));
    return kept > 0;
  }

  /**
   * Lets a channel go on with what it has.
   *
   * @param nextAt when to try again; null for when they are refused
   */
  public void letGo(String channel, SealedCredentials before, @Nullable Instant nextAt) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.update(
                    """
                    UPDATE channel SET renew_at = ?, renewing_until = NULL
                    WHERE id = ? AND credentials = ?
                    """,
                    nextAt == null ? null : nextAt.atOffset(ZoneOffset.UTC),
                    channel,
                    before.bytes()));
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getString("id"),
        new Channel.Spec(
            row.getString("platform"),
            row.getString("handle"),
            URI.create(row.getString("base_url")),
            ZoneId.of(row.getString("zone")),
            List.of()),
        new SealedCredentials(row.getBytes("credentials")));
  }
}
