package io.pulsegrid.node.store.query;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.store.StoreAway;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.postgresql.util.PasswordUtil;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database roles that workspaces ask as, each made when its workspace asks for the first time.
 * Names and passwords are worked out from the installation's secret, the same on every node.
 */
final class Readers {
  private static final long LOCK = 0x73716cL;
  private static final String NOT_ALLOWED = "42501";
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  // A reader that held the locks the nodes work under would stop them. The node itself keeps them:
  // a superuser needs no grant.
  private static final String KEEP_LOCKS_FROM_READERS =
      """
      DO $$
      DECLARE
        one regprocedure;
      BEGIN
        FOR one IN
          SELECT oid FROM pg_proc
          WHERE pronamespace = 'pg_catalog'::regnamespace
            AND proname ~ '^pg_(try_)?advisory_'
            AND has_function_privilege('public', oid, 'EXECUTE')
        LOOP
          EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
        END LOOP;
      END $$
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final UnaryOperator<String> secretFor;
  private final Map<WorkspaceId, Reader> made = new ConcurrentHashMap<>();

  /** A role and its password, both of them hexadecimal digits but for the name's beginning. */
  record Reader(String role, String password) {}

  Readers(JdbcClient jdbc, TransactionTemplate transaction, UnaryOperator<String> secretFor) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.secretFor = secretFor;
  }

  /**
   * The role of a workspace.
   *
   * @throws PulsegridException {@code UNAVAILABLE} where the node's own role may not make one
   */
  Reader of(WorkspaceId workspace) {
    Reader known = made.get(workspace);
    if (known == null) {
      known = make(workspace);
      made.put(workspace, known);
    }
    return known;
  }

  /** Makes the role again when it is next asked for: the store no longer lets this one in. */
  void forget(WorkspaceId workspace, Reader lost) {
    made.remove(workspace, lost);
  }

  private Reader make(WorkspaceId workspace) {
    // The store's id is part of the name: roles belong to the server, not to one database.
    String store =
        StoreAway.told(
            () -> jdbc.sql("SELECT store_id FROM installation").query(String.class).single());
    String digest = secretFor.apply("sql role of " + workspace + " in " + store);
    String role = "pulsegrid_" + digest.substring(0, 24);
    Reader reader = new Reader(role, secretFor.apply("sql password of " + role));
    try {
      StoreAway.told(() -> transaction.execute(_ -> write(workspace, reader)));
    } catch (DataAccessException failed) {
      if (failed.getMostSpecificCause() instanceof SQLException sql
          && NOT_ALLOWED.equals(sql.getSQLState())) {
        throw PulsegridException.unavailable(
            "SQL takes a store whose user may make roles; there, say: ALTER ROLE <user> CREATEROLE",
            RETRY_AFTER,
            failed);
      }
      throw failed;
    }
    return reader;
  }

  private boolean write(WorkspaceId workspace, Reader reader) {
    jdbc.sql("SELECT pg_advisory_xact_lock(?)").param(LOCK).query((_, _) -> 0).single();
    boolean exists =
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = ?)")
            .param(reader.role())
            .query(Boolean.class)
            .single();
    boolean superuser =
        jdbc.sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            .query(Boolean.class)
            .single();
    login(exists ? "ALTER" : "CREATE", reader);
    if (superuser) {
      jdbc.sql(KEEP_LOCKS_FROM_READERS).update();
      // A sort of a cross join would fill the disk; the node's own sorts have no such end.
      jdbc.sql("ALTER ROLE " + reader.role() + " SET temp_file_limit = '2GB'").update();
    }
    jdbc.sql("GRANT USAGE ON SCHEMA asked TO " + reader.role()).update();
    jdbc.sql("GRANT SELECT ON ALL TABLES IN SCHEMA asked TO " + reader.role()).update();
    jdbc.sql("INSERT INTO query_reader (role, workspace) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .params(reader.role(), workspace.value())
        .update();
    return exists;
  }

  /** The server gets what it checks a password with, never the password. */
  private void login(String verb, Reader reader) {
    String verifier = PasswordUtil.encodeScramSha256(reader.password().toCharArray());
    try {
      jdbc.sql(
              "%s ROLE %s LOGIN NOINHERIT CONNECTION LIMIT 16 PASSWORD '%s'"
                  .formatted(verb, reader.role(), verifier))
          .update();
    } catch (DataAccessException failed) {
      // What failed tells its statement, and that would tell the verifier to a log.
      String state =
          failed.getMostSpecificCause() instanceof SQLException sql ? sql.getSQLState() : null;
      throw new UncategorizedSQLException(
          "making a role", null, new SQLException("the statement is not told", state));
    }
  }
}
