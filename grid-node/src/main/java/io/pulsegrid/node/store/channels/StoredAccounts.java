package io.pulsegrid.node.store.channels;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Identity;
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
                    WHERE id = (SELECT id FROM channel WHERE identify_at <= now() AND NOT paused
                      ORDER BY identify_at, created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
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
   * Keeps what a platform said. A channel whose account has another channel is paused with an
   * alert, as what it goes on to send would exceed the account's limits; whoever resumes it asks
   * again. Nothing where the channel has changed since.
   *
   * @param identity some that tells of an account, or that there is none
   * @return why it was paused; empty where it goes on
   */
  public Optional<String> settle(Asked asked, Channel channel, Identity identity) {
    String account = AccountNames.of(identity, channel.workspace()).orElse("");
    return StoreAway.told(
        () -> kept(asked, account) ? Optional.empty() : paused(asked, channel, account));
  }

  private boolean kept(Asked asked, String account) {
    try {
      return unchanged(
                  asked,
                  """
                  UPDATE channel c SET account = nullif(:account, ''), identify_at = NULL
                  WHERE NOT EXISTS (SELECT FROM channel o
                    WHERE o.platform = c.platform AND o.account = :account AND o.id <> c.id)
                  """)
              .param("account", account)
              .update()
          > 0;
    } catch (DuplicateKeyException another) {
      return false;
    }
  }

  private Optional<String> paused(Asked asked, Channel channel, String account) {
    String platform = channel.spec().platform();
    String taken =
        AccountNames.taken(jdbc, channel.id(), channel.workspace(), platform, account).orElse(null);
    if (taken == null) {
      return Optional.empty();
    }
    String reason = "its credentials " + taken;
    int paused =
        unchanged(
                asked,
                """
                UPDATE channel SET paused = true, pause_reason = :reason, version = version + 1
                WHERE NOT paused
                """)
            .param("reason", reason)
            .update();
    return paused > 0 ? Optional.of(reason) : Optional.empty();
  }

  /** Asks about a channel again later; not where it has changed since. */
  public void again(Asked asked, Duration pause) {
    int _ =
        StoreAway.told(
            () ->
                unchanged(
                        asked,
                        """
                        UPDATE channel SET identify_at = now() + :pause * interval '1 millisecond'
                        WHERE identify_at IS NOT NULL
                        """)
                    .param("pause", pause.toMillis())
                    .update());
  }

  /** A change of the channel as it stood when it was asked about, and of nothing else. */
  private JdbcClient.StatementSpec unchanged(Asked asked, String change) {
    return jdbc.sql(
            change
                + " AND id = :id AND credentials = :sealed AND base_url = :url AND handle = :handle")
        .param("id", asked.channel())
        .param("sealed", asked.credentials().bytes())
        .param("url", asked.baseUrl())
        .param("handle", asked.handle());
  }
}
