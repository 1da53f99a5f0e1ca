package io.pulsegrid.node.store;

import io.pulsegrid.core.time.IdSource;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A fresh store and what speaks to it.
 *
 * @param ids counts up, in the order of text
 */
public record TestStore(
    DataSource source, JdbcClient jdbc, TransactionTemplate transaction, IdSource ids) {
  /** A migrated store of its own. */
  public static TestStore fresh() {
    DataSource source = TestPostgres.fresh();
    AtomicLong count = new AtomicLong();
    return new TestStore(
        source,
        JdbcClient.create(source),
        new TransactionTemplate(new JdbcTransactionManager(source)),
        () -> "id-%06d".formatted(count.incrementAndGet()));
  }
}
