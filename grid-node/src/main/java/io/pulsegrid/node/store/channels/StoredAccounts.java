package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.StoreAway;
import io.pulsegrid.node.store.ledger.SealedCredentials;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whose accounts channels speak for, over the table {@code channel}: an account has one channel.
 * Safe for use by many threads and nodes.
 */
public final class StoredAccounts {
  private final JdbcClient jdbc;
  private final ChannelRow form;

  public StoredAccounts(JdbcClient jdbc, CredentialCipher cipher) {
    this.jdbc = jdbc;
    this.form = new ChannelRow(cipher);
  }

  /**
   * A channel whose platform is to be asked, as it stood: what is said of it is not said of what it
   * becomes.
   *
   * @param unlocked null where its credentials were sealed with another key
   */
  public record Asked(
      String channel,
      SealedCredentials credentials,
      String baseUrl,
      String handle,
      ChannelSecrets.@Nullable Unlocked unlocked) {}

  /**
   * Claims the channel that has waited longest to be identified.
   *
   * @param lease for how long nobody else asks about it
   */
  public Optional<Asked> claimDue(Duration lease) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    UPDATE channel SET identify_at = now() + ? * interval '1 millisecond'
                    WHERE id IN (SELECT id FROM channel WHERE identify_at <= now() AND NOT paused
                      ORDER BY identify_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING\s"""
                        + ChannelRow.COLUMNS)
                .param(lease.toMillis())
                .query((row, _) -> asked(row))
                .optional());
  }

  private Asked asked(ResultSet row) throws SQLException {
    return new Asked(
        row.getString("id"),
        new SealedCredentials(row.getBytes("credentials")),
        row.getString("base_url"),
        row.getString("handle"),
        unlocked(row));
  }

  private ChannelSecrets.@Nullable Unlocked unlocked(ResultSet row) throws SQLException {
    try {
      return form.unlocked(row);
    } catch (PulsegridException sealedWithAnotherKey) {
      return null;
    }
  }

  /**
   * Keeps what a platform said. A channel that speaks for an account which has another, or which is
   * not the one it spoke for before, is paused with an alert: what it goes on to send would exceed
   * the account's limits, or be asked about at the wrong one. Nothing where the channel has changed
   * since.
   *
   * @return why it was paused; empty where it goes on
   */
  public Optional<String> settle(Asked asked, String account) {
    return StoreAway.told(() -> kept(asked, account) ? Optional.empty() : paused(asked, account));
  }

  private boolean kept(Asked asked, String account) {
    try {
      return jdbc.sql(
                  """
                  UPDATE channel c SET account = ?, identify_at = NULL
                  WHERE id = ? AND credentials = ? AND base_url = ? AND handle = ?
                    AND (account IS NULL OR account = ?)
                    AND NOT EXISTS (SELECT FROM channel o
                      WHERE o.platform = c.platform AND o.account = ? AND o.id <> c.id)
                  """)
              .params(
                  account,
                  asked.channel(),
                  asked.credentials().bytes(),
                  asked.baseUrl(),
                  asked.handle(),
                  account,
                  account)
              .update()
          > 0;
    } catch (DuplicateKeyException another) {
      return false;
    }
  }

  private Optional<String> paused(Asked asked, String account) {
    String refusal = refusal(jdbc, asked.channel(), account).orElse(null);
    if (refusal == null) {
      return Optional.empty();
    }
    String reason = "its credentials " + refusal;
    int paused =
        jdbc.sql(
                """
                UPDATE channel SET paused = true, pause_reason = ?, version = version + 1,
                  identify_at = NULL
                WHERE id = ? AND credentials = ? AND base_url = ? AND handle = ? AND NOT paused
                """)
            .params(
                reason,
                asked.channel(),
                asked.credentials().bytes(),
                asked.baseUrl(),
                asked.handle())
            .update();
    return paused > 0 ? Optional.of(reason) : Optional.empty();
  }

  /** Asks about a channel again later. */
  public void again(Asked asked, Duration pause) {
    int _ =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        UPDATE channel SET identify_at = now() + ? * interval '1 millisecond'
                        WHERE id = ? AND identify_at IS NOT NULL
                        """)
                    .params(pause.toMillis(), asked.channel())
                    .update());
  }

  /** Why a channel must not speak for an account; empty where it may. */
  static Optional<String> refusal(JdbcClient jdbc, String channel, String account) {
    return jdbc.sql(
            """
            SELECT c.account AS own, o.id AS holder, o.workspace = c.workspace AS seen
            FROM channel c
              LEFT JOIN channel o ON o.platform = c.platform AND o.account = ? AND o.id <> c.id
            WHERE c.id = ?
            """)
        .params(account, channel)
        .query((row, _) -> refusal(row, account))
        .optional()
        .flatMap(reason -> reason);
  }

  private static Optional<String> refusal(ResultSet row, String account) throws SQLException {
    String own = row.getString("own");
    if (row.getString("holder") != null) {
      return Optional.of(taken(row.getBoolean("seen") ? row.getString("holder") : null));
    }
    return own == null || own.equals(account)
        ? Optional.empty()
        : Optional.of("open another account than the channel's own: that needs one of its own");
  }

  /**
   * Of an account that has a channel.
   *
   * @param holder null where it is of another workspace, or not known
   */
  static String taken(@Nullable String holder) {
    return "open the account of "
        + (holder == null ? "another channel" : "channel " + holder)
        + ": an account has one channel, or its limits would be counted twice";
  }
}
