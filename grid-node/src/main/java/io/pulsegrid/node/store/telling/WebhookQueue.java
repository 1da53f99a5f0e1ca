package io.pulsegrid.node.store.telling;

import io.pulsegrid.connectors.webhook.SigningKey;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import io.pulsegrid.node.store.ledger.OutboxSubject;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What webhooks are still to be told, and who of the nodes tells it. Every method is one statement:
 * a node that stops in the middle holds no lock that others wait for.
 */
public final class WebhookQueue {
  /** Any number that no other advisory lock has. */
  private static final long ONE_AT_A_TIME = 0x7075_6c73_6501L;

  private final JdbcClient jdbc;
  private final CredentialCipher cipher;

  public WebhookQueue(JdbcClient jdbc, CredentialCipher cipher) {
    this.jdbc = jdbc;
    this.cipher = cipher;
  }

  /**
   * One event on its way to one webhook.
   *
   * @param number its place among all events of that webhook
   * @param attempts how often it was not taken
   * @param sealed what opens to the key that it is signed with
   */
  public record Message(
      String webhook,
      URI url,
      long number,
      String event,
      Instant at,
      Event.Subject subject,
      int attempts,
      Sealed sealed) {}

  /** A sealed secret; opened only by this queue. */
  public static final class Sealed {
    private final byte[] bytes;

    Sealed(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * What became of one.
   *
   * @param pause how long it waits; null when it was taken
   */
  public record Result(long number, @Nullable Duration pause) {
    boolean taken() {
      return pause == null;
    }
  }

  /**
   * How a round of a webhook ended.
   *
   * @param claim what its messages were claimed under
   * @param pause how long the webhook as a whole waits
   * @param error why it did not take everything; null when it did
   * @param park whether it is told nothing more until a person says so
   */
  public record Round(
      String webhook,
      String claim,
      List<Result> results,
      Duration pause,
      @Nullable String error,
      boolean park) {
    public Round {
      results = List.copyOf(results);
    }

    boolean tookAny() {
      return results.stream().anyMatch(Result::taken);
    }
  }

  /**
   * Gives what was committed to the outbox to the webhooks that want it, in that order: each gets
   * the next number. One node at a time; the others find nothing. What somebody holds just now,
   * telling it elsewhere, is left for later, and with it whatever else is about the same.
   *
   * @return how many events were looked at
   */
  public int fanOut(int limit) {
    // The row locks look at each row once more as it is now: what another node has fanned out since
    // this statement began is left out.
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    WITH earliest AS (
                      SELECT id, seq, workspace, subject, at, payload, payload ->> 'id' AS about,
                        webhook AS addressee FROM outbox
                      WHERE NOT fanned AND seq > (SELECT min(since) FROM webhook)
                        AND (SELECT pg_try_advisory_xact_lock(?))
                      ORDER BY seq LIMIT ?
                    ), free AS (
                      SELECT id FROM outbox WHERE NOT fanned AND id IN (SELECT id FROM earliest)
                      FOR UPDATE SKIP LOCKED
                    ), held AS (
                      SELECT about, min(seq) AS seq FROM earliest
                      WHERE id NOT IN (SELECT id FROM free) GROUP BY about
                    ), batch AS (
                      SELECT e.* FROM earliest e JOIN free f ON f.id = e.id
                      WHERE NOT EXISTS (SELECT FROM held h
                        WHERE h.about = e.about AND h.seq < e.seq)
                    ), wanted AS (
                      SELECT w.id AS webhook, b.*,
                        row_number() OVER (PARTITION BY w.id ORDER BY b.seq) AS place
                      FROM batch b JOIN webhook w
                        ON w.workspace = b.workspace AND b.seq > w.since
                          AND CASE WHEN b.addressee IS NULL THEN b.subject = ANY (w.events)
                            ELSE w.id = b.addressee END
                    ), numbered AS (
                      UPDATE webhook w SET last_number = w.last_number + n.more
                      FROM (SELECT webhook, count(*) AS more FROM wanted GROUP BY webhook) n
                      WHERE w.id = n.webhook RETURNING w.id, w.last_number - n.more AS before
                    ), queued AS (
                      INSERT INTO webhook_message (webhook, number, event, subject, about, at, payload)
                      SELECT w.webhook, n.before + w.place, w.id, w.subject, w.about, w.at, w.payload
                      FROM wanted w JOIN numbered n ON n.id = w.webhook
                    )
                    UPDATE outbox o SET fanned = true FROM batch b WHERE o.id = b.id
                    """)
                .params(ONE_AT_A_TIME, limit)
                .update());
  }

  /**
   * Takes messages whose time has come: nobody else is given them before {@code lease} is over, so
   * that a node that dies is replaced. Of one resource only the earliest; of a webhook that took
   * nothing lately only one, to see whether it does again.
   *
   * @param claim this call's own, never used before
   * @param busy webhooks that this node is telling just now
   * @param most of one webhook
   */
  public List<Message> claim(String claim, Collection<String> busy, int most, Duration lease) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    WITH chosen AS (
                      SELECT m.webhook, m.number FROM webhook w CROSS JOIN LATERAL (
                        SELECT m.webhook, m.number FROM webhook_message m
                        WHERE m.webhook = w.id AND m.next_try_at <= now()
                          AND NOT EXISTS (SELECT FROM webhook_message e
                            WHERE e.webhook = m.webhook AND e.about = m.about
                              AND e.number < m.number)
                        ORDER BY m.number LIMIT CASE WHEN w.failures > 0 THEN 1 ELSE ? END
                        FOR UPDATE OF m SKIP LOCKED) m
                      WHERE w.parked_at IS NULL AND w.next_try_at <= now() AND NOT w.id = ANY (?)
                    )
                    UPDATE webhook_message m SET claim = ?,
                      next_try_at = now() + make_interval(secs => ? / 1000.0)
                    FROM chosen c, webhook w
                    WHERE m.webhook = c.webhook AND m.number = c.number AND w.id = m.webhook
                    RETURNING m.*, w.workspace, w.url, w.secret
                    """)
                .params(most, busy.toArray(String[]::new), claim, lease.toMillis())
                .query((row, _) -> message(row))
                .list());
  }

  /**
   * Writes what became of a webhook's messages. What was taken is gone, whoever claimed it since;
   * what was not waits, unless somebody else has it by now.
   */
  public void settle(Round round) {
    List<Result> left = round.results().stream().filter(one -> !one.taken()).toList();
    int _ =
        StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        WITH told AS (
                          UPDATE webhook SET
                            failures = CASE WHEN :any THEN 0 ELSE failures + 1 END,
                            next_try_at = now() + make_interval(secs => :pause / 1000.0),
                            taken_at = CASE WHEN :any THEN now() ELSE taken_at END,
                            last_error = :error,
                            parked_at = CASE WHEN :park THEN coalesce(parked_at, now())
                              ELSE parked_at END
                          WHERE id = :webhook RETURNING id
                        ), taken AS (
                          DELETE FROM webhook_message m USING told t
                          WHERE m.webhook = t.id AND m.number = ANY (:taken)
                        )
                        UPDATE webhook_message m SET attempts = m.attempts + 1, claim = NULL,
                          next_try_at = now() + make_interval(secs => l.pause / 1000.0)
                        FROM told t, unnest(:left, :pauses) AS l (number, pause)
                        WHERE m.webhook = t.id AND m.number = l.number AND m.claim = :claim
                        """)
                    .param("any", round.tookAny())
                    .param("pause", round.pause().toMillis())
                    .param("error", round.error())
                    .param("park", round.park())
                    .param("webhook", round.webhook())
                    .param("taken", numbers(round.results().stream().filter(Result::taken)))
                    .param("left", numbers(left.stream()))
                    .param("pauses", left.stream().map(WebhookQueue::millis).toArray(Long[]::new))
                    .param("claim", round.claim())
                    .update());
  }

  /**
   * Forgets up to {@code limit} messages that nobody took for {@code age}; how many. Their numbers
   * are left out, by which the receiver knows.
   */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    DELETE FROM webhook_message WHERE (webhook, number) IN (
                      SELECT webhook, number FROM webhook_message
                      WHERE at < now() - make_interval(secs => ?) ORDER BY at LIMIT ?)
                    """)
                .params(age.toSeconds(), limit)
                .update());
  }

  /** What a message is signed with. */
  public SigningKey key(Message message) {
    return StoredWebhooks.key(cipher, message.webhook(), message.sealed().bytes);
  }

  private static Long[] numbers(Stream<Result> results) {
    return results.map(Result::number).toArray(Long[]::new);
  }

  private static long millis(Result result) {
    Duration pause = result.pause();
    return pause == null ? 0 : pause.toMillis();
  }

  private static Message message(ResultSet row) throws SQLException {
    return new Message(
        row.getString("webhook"),
        URI.create(row.getString("url")),
        row.getLong("number"),
        row.getString("event"),
        AgeCursor.instant(row, "at"),
        OutboxSubject.of(row),
        row.getInt("attempts"),
        new Sealed(row.getBytes("secret")));
  }
}
