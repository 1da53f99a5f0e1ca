package io.pulsegrid.node.store;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of the ledger, put there by hand. */
public record TestLedger(TestStore store) {
  /** A delivery in a state; one that is ARMED holds a lease of a minute from now. */
  public String delivery(String channel, String state) {
    JdbcClient jdbc = store.jdbc();
    String id = store.ids().next();
    jdbc.sql(
            """
            INSERT INTO scheduled_post (id, workspace, text, channels, when_kind, wall_clock, zone,
              instant, adjustment, priority, expires_after_seconds)
            VALUES (?, 'default', 'hello', ARRAY[?], 'now', now(), 'Z', now(), 'NONE', 5, 60)
            """)
        .params(id, channel)
        .update();
    jdbc.sql(
            """
            INSERT INTO delivery (id, workspace, scheduled_post, channel, platform, state, due_at,
              expires_at, priority, arm_token, lease_until, doubt_since, idempotency_key,
              last_event)
            VALUES (:id, 'default', :id, :channel, 'mastodon', :state, now(),
              now() + interval '1 day', 5, 'arm', now() + interval '1 minute', now(), :id, :id)
            """)
        .param("id", id)
        .param("channel", channel)
        .param("state", state)
        .update();
    return id;
  }

  /** An entry of a delivery's story that ended {@code ago}. */
  public void attempt(String delivery, String outcome, Duration ago) {
    store
        .jdbc()
        .sql(
            """
            INSERT INTO attempt (id, delivery, number, started_at, ended_at, node, fence, outcome,
              detail, next_step)
            VALUES (:id, :delivery,
              (SELECT count(*) + 1 FROM attempt WHERE delivery = :delivery),
              now() - :ago * interval '1 ms', now() - :ago * interval '1 ms', 'n', 1, :outcome,
              '', '')
            """)
        .param("id", store.ids().next())
        .param("delivery", delivery)
        .param("ago", ago.toMillis())
        .param("outcome", outcome)
        .update();
  }
}
