package io.pulsegrid.node.store;

import io.pulsegrid.core.failure.PulsegridException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The store that cannot be reached, as callers are told: not now, come back. */
public final class StoreAway {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private StoreAway() {}

  /**
   * What {@code work} answers.
   *
   * @throws PulsegridException {@code UNAVAILABLE} when the store did not answer it; whether its
   *     last transaction committed is then not known
   */
  public static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessResourceFailureException
        | TransientDataAccessException
        | RecoverableDataAccessException
        | TransactionException e) {
      throw PulsegridException.unavailable("the store does not answer", RETRY_AFTER, e);
    } catch (DataAccessException e) {
      throw cutOff(e)
          ? PulsegridException.unavailable("the store does not answer", RETRY_AFTER, e)
          : e;
    }
  }

  /**
   * What a statement answers, which is said once more where Postgres gave it up for another that
   * held what it wanted, and wanted what it held: it was undone whole. Not within a transaction,
   * which is undone with it.
   */
  public static <T> T saidAgain(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (PessimisticLockingFailureException e) {
      if (TransactionSynchronizationManager.isActualTransactionActive()) {
        throw e;
      }
      return statement.get();
    }
  }

  // A server that shuts down answers with a state of class 57P, which Spring leaves uncategorised.
  private static boolean cutOff(DataAccessException e) {
    return e.getMostSpecificCause() instanceof SQLException sql
        && sql.getSQLState() != null
        && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"));
  }
}
