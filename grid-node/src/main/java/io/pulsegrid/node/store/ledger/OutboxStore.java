package io.pulsegrid.node.store.ledger;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.store.StoreAway;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/** What is still to be told. An event is told before it is marked as sent: at least once. */
public final class OutboxStore {
  private final JdbcOperations jdbc;
  private final TransactionOperations transactions;

  public OutboxStore(JdbcOperations jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Something that is to be told.
   *
   * @param id the same however often it is told
   */
  public record Unsent(String id, WorkspaceId workspace, Event.Subject subject) {}

  /**
   * Hands over what is unsent, oldest first, and marks it; what another node is telling is skipped.
   *
   * @return how many were told
   */
  public int tell(int limit, Consumer<List<Unsent>> teller) {
    return StoreAway.told(
        () ->
            Objects.requireNonNull(
                transactions.execute(
                    _ -> {
                      List<Unsent> unsent =
                          jdbc.query(
                              """
                      SELECT id, workspace, subject, payload FROM outbox
                      WHERE NOT sent ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED
                      """,
                              (row, _) ->
                                  new Unsent(
                                      row.getString("id"),
                                      new WorkspaceId(row.getString("workspace")),
                                      OutboxSubject.of(row)),
                              limit);
                      if (unsent.isEmpty()) {
                        return 0;
                      }
                      teller.accept(unsent);
                      // A crash before the commit tells all of these again, under the same ids.
                      Columns<Unsent> columns = Columns.of(unsent).text(Unsent::id);
                      jdbc.update(
                          "UPDATE outbox SET sent = true WHERE id = ANY (?)",
                          statement -> columns.bind(statement, 1));
                      return unsent.size();
                    })));
  }

  /**
   * Forgets what was told longer ago than {@code age}, webhooks included; answers how many rows
   * went.
   */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.update(
                """
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
          WHERE sent AND at < now() - make_interval(secs => ?)
            AND (fanned OR NOT EXISTS (SELECT FROM webhook WHERE since < outbox.seq))
          ORDER BY at LIMIT ?)
        """,
                age.toSeconds(),
                limit));
  }
}
