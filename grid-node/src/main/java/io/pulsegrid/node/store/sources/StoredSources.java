package io.pulsegrid.node.store.sources;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.SourceSecrets;
import io.pulsegrid.node.collect.SourceRules;
import io.pulsegrid.node.collect.VisitPlan;
import io.pulsegrid.node.store.AgeCursor;
import io.pulsegrid.node.store.StoreAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The sources over the table {@code source}. A source and the plan of its visits change in one
 * transaction: no crash leaves a source that is never visited, or visits without a source.
 */
public final class StoredSources implements Sources, SourceSecrets {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final SourceRules rules;
  private final VisitPlan plan;
  private final IdSource ids;
  private final SourceRow form;

  public StoredSources(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      SourceRules rules,
      VisitPlan plan,
      CredentialCipher cipher,
      IdSource ids) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.rules = rules;
    this.plan = plan;
    this.ids = ids;
    this.form = new SourceRow(cipher);
  }

  @Override
  public Usual usual(String kind) {
    return rules.usual(kind);
  }

  @Override
  public void check(Source.Spec spec, Source.Credentials credentials) {
    rules.checkAddress(spec, credentials);
  }

  @Override
  public Source create(WorkspaceId workspace, Source.Spec spec, Source.Credentials credentials) {
    rules.check(spec);
    String id = ids.next();
    return inTransaction(
        () -> {
          Source source =
              jdbc.sql(
                      """
                      INSERT INTO source
                        (id, workspace, kind, url, every_millis, cron, priority, credentials)
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                      RETURNING\s"""
                          + SourceRow.COLUMNS)
                  .param(id)
                  .param(workspace.value())
                  .param(spec.kind())
                  .param(spec.url().toString())
                  .param(SourceRow.everyMillis(spec.schedule()))
                  .param(SourceRow.cron(spec.schedule()))
                  .param(spec.priority())
                  .param(form.seal(id, credentials))
                  .query((row, _) -> SourceRow.source(row))
                  .single();
          plan.put(source);
          return source;
        });
  }

  @Override
  public Optional<Source> find(WorkspaceId workspace, String id) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT " + SourceRow.COLUMNS + " FROM source WHERE workspace = ? AND id = ?")
                .params(workspace.value(), id)
                .query((row, _) -> SourceRow.source(row))
                .optional());
  }

  @Override
  public Page<Source> list(WorkspaceId workspace, PageRequest page) {
    AgeCursor from = AgeCursor.of(page);
    List<Source> found =
        StoreAway.told(
            () ->
                jdbc.sql(
                        "SELECT "
                            + SourceRow.COLUMNS
                            + " FROM source WHERE workspace = ? AND (created_at, id) > (?, ?)"
                            + " ORDER BY created_at, id LIMIT ?")
                    .params(workspace.value(), from.time(), from.id(), page.limit() + 1)
                    .query((row, _) -> SourceRow.source(row))
                    .list());
    return Page.cut(found, page.limit(), it -> AgeCursor.after(it.createdAt(), it.id()));
  }

  @Override
  public Source update(
      WorkspaceId workspace,
      String id,
      Source.Spec spec,
      Source.@Nullable Credentials credentials,
      OptionalLong expectedVersion) {
    // Asks a name server: never while the row is locked.
    rules.checkAddress(
        spec, credentials == null ? kept(unlocked(workspace, id), spec) : credentials);
    return inTransaction(
        () -> {
          Unlocked locked = lock(workspace, id, expectedVersion);
          Source before = locked.source();
          Source.Credentials wanted = credentials == null ? kept(locked, spec) : credentials;
          boolean sameFeed =
              before.spec().kind().equals(spec.kind()) && before.spec().url().equals(spec.url());
          Source.Position position = sameFeed ? before.position() : Source.Position.START;
          // The fence rises: a visit in progress was to the source as it stood, and must not write.
          Source after =
              jdbc.sql(
                      """
                      UPDATE source SET kind = ?, url = ?, every_millis = ?, cron = ?,
                        priority = ?, credentials = ?, cursor = ?, etag = ?, last_modified = ?,
                        status = 'ACTIVE',
                        failures = 0, last_error = NULL, not_before = NULL, claimed_until = NULL,
                        claimed_slot = NULL, fence = fence + 1, version = version + 1
                      WHERE id = ?
                      RETURNING\s"""
                          + SourceRow.COLUMNS)
                  .param(spec.kind())
                  .param(spec.url().toString())
                  .param(SourceRow.everyMillis(spec.schedule()))
                  .param(SourceRow.cron(spec.schedule()))
                  .param(spec.priority())
                  .param(form.seal(id, wanted))
                  .param(position.cursor())
                  .param(position.etag())
                  .param(position.lastModified())
                  .param(id)
                  .query((row, _) -> SourceRow.source(row))
                  .single();
          plan.put(after);
          return after;
        });
  }

  @Override
  public void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    inTransaction(
        () -> {
          lock(workspace, id, expectedVersion);
          plan.remove(id);
          return jdbc.sql("DELETE FROM source WHERE id = ?").param(id).update();
        });
  }

  @Override
  public void collectNow(WorkspaceId workspace, String id) {
    inTransaction(
        () -> {
          Source source = lock(workspace, id, OptionalLong.empty()).source();
          if (source.health().status() == Source.Status.GONE) {
            throw PulsegridException.of(
                FailureCode.CONFLICT,
                "source " + id + " is gone: " + source.health().lastError() + "; change it first");
          }
          plan.now(source);
          return source;
        });
  }

  @Override
  public Optional<Unlocked> unlock(String sourceId) {
    return StoreAway.told(
        () ->
            jdbc.sql("SELECT " + SourceRow.COLUMNS + " FROM source WHERE id = ?")
                .param(sourceId)
                .query((row, _) -> unlocked(row))
                .optional());
  }

  private Unlocked unlocked(ResultSet row) throws SQLException {
    return new Unlocked(SourceRow.source(row), form.credentials(row));
  }

  private Unlocked unlocked(WorkspaceId workspace, String id) {
    return StoreAway.told(() -> one(workspace, id, ""));
  }

  private Unlocked one(WorkspaceId workspace, String id, String locking) {
    return jdbc.sql(
            "SELECT " + SourceRow.COLUMNS + " FROM source WHERE workspace = ? AND id = ?" + locking)
        .params(workspace.value(), id)
        .query((row, _) -> unlocked(row))
        .optional()
        .orElseThrow(() -> PulsegridException.notFound("source", id));
  }

  private static Source.Credentials kept(Unlocked before, Source.Spec spec) {
    Source.Spec old = before.source().spec();
    boolean sameServer =
        old.kind().equals(spec.kind())
            && Objects.equals(old.url().getScheme(), spec.url().getScheme())
            && Objects.equals(old.url().getRawAuthority(), spec.url().getRawAuthority());
    if (!sameServer && !before.credentials().values().isEmpty()) {
      throw PulsegridException.invalid(
          "credentials", "must be given anew: those there are were given for another server");
    }
    return before.credentials();
  }

  private Unlocked lock(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Unlocked found = one(workspace, id, " FOR UPDATE");
    long version = found.source().version();
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != version) {
      throw PulsegridException.of(
          FailureCode.STALE,
          "source " + id + " is at version " + version + "; read it again before changing it");
    }
    return found;
  }

  private <T> T inTransaction(Supplier<T> work) {
    return StoreAway.told(() -> Objects.requireNonNull(transaction.execute(_ -> work.get())));
  }
}
