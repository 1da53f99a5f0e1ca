package io.pulsegrid.node.store.sources;

import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.collect.VisitLedger;
import io.pulsegrid.node.collect.VisitPlan;
import io.pulsegrid.node.store.StoreAway;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The visits over the table {@code source}, in the store's own time. */
public final class StoredVisits implements VisitLedger {
  private static final int LONGEST_ERROR = 500;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final VisitPlan plan;
  private final SourceRow form;

  public StoredVisits(
      JdbcClient jdbc, TransactionTemplate transaction, VisitPlan plan, CredentialCipher cipher) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.plan = plan;
    this.form = new SourceRow(cipher);
  }

  @Override
  public Optional<Visit> claim(Claim claim) {
    return StoreAway.told(
        () ->
            jdbc.sql(
                    """
                    UPDATE source SET
                      claimed_slot = greatest(claimed_slot, :slot),
                      claimed_until = now() + make_interval(secs => :lease),
                      fence = fence + 1
                    WHERE id = :id AND status <> 'GONE'
                      AND (claimed_until IS NULL OR claimed_until < now() OR :recovering)
                      AND (:asked OR claimed_slot IS NULL OR claimed_slot < :slot
                        OR (claimed_slot = :slot AND claimed_until IS NOT NULL))
                      AND (:asked OR not_before IS NULL OR not_before <= now())
                    RETURNING\s"""
                        + SourceRow.COLUMNS)
                .param("slot", claim.slot().atOffset(ZoneOffset.UTC))
                .param("lease", claim.lease().toMillis() / 1000.0)
                .param("id", claim.sourceId())
                .param("recovering", claim.recovering())
                .param("asked", claim.asked())
                .query((row, _) -> visit(row))
                .optional());
  }

  private Visit visit(ResultSet row) throws SQLException {
    return new Visit(SourceRow.source(row), form.credentials(row), row.getLong("fence"));
  }

  @Override
  public boolean succeed(Visit visit, Source.Position next, @Nullable URI movedTo) {
    String before = visit.source().spec().url().toString();
    String url =
        movedTo == null || movedTo.toString().length() > 2048 ? before : movedTo.toString();
    return StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        UPDATE source SET status = 'ACTIVE', failures = 0, last_error = NULL,
                          not_before = NULL, claimed_until = NULL, last_collected_at = now(),
                          cursor = ?, etag = ?, last_modified = ?, url = ?,
                          version = version + CASE WHEN url = ? THEN 0 ELSE 1 END
                        WHERE id = ? AND fence = ?
                        """)
                    .param(next.cursor())
                    .param(next.etag())
                    .param(next.lastModified())
                    .param(url)
                    .param(url)
                    .param(visit.source().id())
                    .param(visit.fence())
                    .update())
        == 1;
  }

  @Override
  public boolean fail(Visit visit, String detail, Duration hold) {
    return StoreAway.told(
            () ->
                jdbc.sql(
                        """
                        UPDATE source SET status = 'FAILING', failures = failures + 1,
                          last_error = ?, claimed_until = NULL,
                          not_before = now() + make_interval(secs => ?)
                        WHERE id = ? AND fence = ?
                        """)
                    .params(
                        shortened(detail),
                        hold.toMillis() / 1000.0,
                        visit.source().id(),
                        visit.fence())
                    .update())
        == 1;
  }

  @Override
  public boolean postpone(Visit visit, Duration hold) {
    return inTransaction(
        () -> {
          int postponed =
              jdbc.sql(
                      """
                      UPDATE source SET claimed_until = NULL,
                        not_before = now() + make_interval(secs => ?)
                      WHERE id = ? AND fence = ?
                      """)
                  .params(hold.toMillis() / 1000.0, visit.source().id(), visit.fence())
                  .update();
          if (postponed == 1) {
            plan.again(visit.source(), hold);
          }
          return postponed == 1;
        });
  }

  @Override
  public boolean end(Visit visit, String detail) {
    return inTransaction(
        () -> {
          int ended =
              jdbc.sql(
                      """
                      UPDATE source SET status = 'GONE', failures = failures + 1,
                        last_error = ?, claimed_until = NULL, not_before = NULL,
                        version = version + 1
                      WHERE id = ? AND fence = ?
                      """)
                  .params(shortened(detail), visit.source().id(), visit.fence())
                  .update();
          if (ended == 1) {
            plan.remove(visit.source().id());
          }
          return ended == 1;
        });
  }

  private boolean inTransaction(Supplier<Boolean> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }

  private static String shortened(String detail) {
    String plain = detail.replace('\u0000', ' ');
    return plain.length() > LONGEST_ERROR ? plain.substring(0, LONGEST_ERROR) : plain;
  }
}
