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

/**
 * What is still to be told. An event is told before it is forgotten or marked as sent: at least
 * once.
 */
public final class OutboxStore {
  /** Nobody but those who are told here wants it, or it was given to them. */
  private static final String WANTED_NO_MORE =
      "(fanned OR NOT EXISTS (SELECT FROM webhook WHERE since < outbox.seq))";

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
   * Hands over what is unsent, oldest first, and forgets it, or marks it where a webhook is still
   * to be given it; what another node is telling is skipped.
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
                      Columns<Unsent> told = Columns.of(unsent).text(Unsent::id);
                      int forgotten =
                          jdbc.update(
                              "DELETE FROM outbox WHERE id = ANY (?) AND " + WANTED_NO_MORE,
                              statement -> told.bind(statement, 1));
                      if (forgotten < unsent.size()) {
                        jdbc.update(
                            "UPDATE outbox SET sent = true WHERE id = ANY (?)",
                            statement -> told.bind(statement, 1));
                      }
                      return unsent.size();
                    })));
  }

  /**
   * Forgets what was marked longer ago than {@code age} and given to webhooks; answers how many
   * rows went.
   */
  public int forget(Duration age, int limit) {
    return StoreAway.told(
        () ->
            jdbc.update(
                """
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
          WHERE sent AND at < now() - make_interval(secs => ?) AND %s
          ORDER BY at LIMIT ?)
        """
                    .formatted(WANTED_NO_MORE),
                age.toSeconds(),
                limit));
  }
}
