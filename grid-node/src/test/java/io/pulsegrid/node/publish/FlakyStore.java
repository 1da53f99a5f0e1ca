package io.pulsegrid.node.publish;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;

/** A way to a real store on which replies can be lost and which can be cut. */
final class FlakyStore extends JdbcTemplate {
  private final AtomicInteger armRepliesToLose = new AtomicInteger();
  private volatile boolean away;

  FlakyStore(DataSource database) {
    super(database);
  }

  /** The next arms are carried out, but their replies never come. */
  void loseArmReplies(int count) {
    armRepliesToLose.set(count);
  }

  void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public <T> List<T> query(
      String sql, @Nullable PreparedStatementSetter setter, RowMapper<T> mapper)
      throws DataAccessException {
    List<T> rows = super.query(sql, setter, mapper);
    if (sql.contains("arm_token = ?, armed_by")
        && armRepliesToLose.getAndUpdate(FlakyStore::less) > 0) {
      throw new DataAccessResourceFailureException("the reply was lost");
    }
    return rows;
  }

  @Override
  public <T> T query(
      org.springframework.jdbc.core.PreparedStatementCreator creator,
      @Nullable PreparedStatementSetter setter,
      ResultSetExtractor<T> extractor)
      throws DataAccessException {
    if (away) {
      throw new DataAccessResourceFailureException("the store is away");
    }
    return super.query(creator, setter, extractor);
  }

  private static int less(int count) {
    return Math.max(0, count - 1);
  }
}
