package io.pulsegrid.node.store.query;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.query.Queries;
import io.pulsegrid.core.query.Table;
import io.pulsegrid.node.config.SqlSettings;
import io.pulsegrid.node.store.DirectConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * SQL over the views of schema {@code asked}. What confines a query is PostgreSQL, not a look at
 * its text: its connection is that of a role which may read those views alone and can become no
 * other; the transaction is read-only; and as the query of a cursor it can be nothing but one
 * SELECT.
 */
public final class StoredQueries implements Queries {
  private static final String CANCELLED = "57014";
  private static final String LOGIN_REFUSED = "28";
  private static final String LARGEST_ANSWER = "16M";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Readers readers;
  private final String url;
  private final SqlSettings settings;
  private final Semaphore places;

  /**
   * Queries to the store behind an address.
   *
   * @param url its JDBC address; a user and password in it are passed over
   * @param secretFor makes secrets of the installation's own, by their purpose
   */
  public StoredQueries(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      String url,
      UnaryOperator<String> secretFor,
      SqlSettings settings) {
    this.readers = new Readers(jdbc, transaction, secretFor);
    this.url = withoutLogin(url);
    this.settings = settings;
    this.places = new Semaphore(settings.atOnce());
  }

  @Override
  public Table ask(WorkspaceId workspace, String sql, int limit) {
    requireOne(sql);
    if (!places.tryAcquire()) {
      throw PulsegridException.unavailable(
          settings.atOnce() + " queries run at this node already", RETRY_AFTER);
    }
    // The connection ends with its query: whatever that set or locked ends with it.
    try (Connection connection = connect(workspace)) {
      return answer(connection, sql, limit);
    } catch (SQLException failed) {
      throw told(failed);
    } finally {
      places.release();
    }
  }

  /** The driver would send several statements one by one; the server refuses several in one. */
  private static void requireOne(String sql) {
    if (sql.indexOf('\0') >= 0) {
      throw PulsegridException.invalid("query", "must not hold U+0000");
    }
    try {
      int statements = Parser.parseJdbcSql(sql, true, false, true, false, true).size();
      if (statements != 1) {
        throw PulsegridException.invalid("query", "must be one SELECT; was " + statements);
      }
    } catch (SQLException unreadable) {
      throw PulsegridException.invalid("query", "cannot be read: " + unreadable.getMessage());
    }
  }

  private Connection connect(WorkspaceId workspace) throws SQLException {
    Readers.Reader reader = readers.of(workspace);
    try {
      return connect(reader);
    } catch (SQLException refused) {
      if (!state(refused).startsWith(LOGIN_REFUSED)) {
        throw refused;
      }
      // Lost with a store that was restored from elsewhere; made once more, or told.
      readers.forget(workspace, reader);
      return connect(readers.of(workspace));
    }
  }

  private Connection connect(Readers.Reader reader) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", reader.role());
    login.setProperty("password", reader.password());
    login.setProperty("ApplicationName", "pulsegrid sql");
    login.setProperty("maxResultBuffer", LARGEST_ANSWER);
    login.setProperty("connectTimeout", "5");
    // The server ends a query by itself; this is for one that has gone.
    login.setProperty("socketTimeout", String.valueOf(settings.timeout().toSeconds() + 5));
    return DirectConnection.to(url, login);
  }

  private Table answer(Connection connection, String sql, int limit) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean _ =
          statement.execute("SET LOCAL statement_timeout = " + settings.timeout().toMillis());
      boolean _ = statement.execute("SET LOCAL search_path = asked");
      boolean _ = statement.execute("DECLARE answer NO SCROLL CURSOR FOR " + sql);
      try (ResultSet rows = statement.executeQuery("FETCH " + (limit + 1) + " FROM answer")) {
        return table(rows, limit);
      }
    }
  }

  private static Table table(ResultSet rows, int limit) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    List<Table.Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Table.Column(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    List<List<@Nullable Object>> all = new ArrayList<>();
    while (rows.next()) {
      if (all.size() == limit) {
        return new Table(columns, all, true);
      }
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(value(rows, i, meta.getColumnType(i), columns.get(i - 1).type()));
      }
      all.add(row);
    }
    return new Table(columns, all, false);
  }

  private static @Nullable Object value(ResultSet rows, int column, int type, String named)
      throws SQLException {
    String text = rows.getString(column);
    if (text == null) {
      return null;
    }
    return switch (type) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> rows.getLong(column);
      case Types.REAL, Types.DOUBLE -> rows.getDouble(column);
      case Types.BIT -> rows.getBoolean(column);
      default ->
          named.equals("timestamptz") && !text.endsWith("infinity")
              ? rows.getObject(column, OffsetDateTime.class).toInstant().toString()
              : text;
    };
  }

  private PulsegridException told(SQLException failed) {
    String state = state(failed);
    String message = String.valueOf(failed.getMessage());
    if (message.contains("maxResultBuffer")) {
      return PulsegridException.invalid(
          "query", "its answer is larger than " + LARGEST_ANSWER + "B");
    }
    if (state.equals(CANCELLED)) {
      return PulsegridException.invalid(
          "query", "took longer than " + settings.timeout() + " and was ended");
    }
    if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
      return PulsegridException.unavailable("the store does not answer", RETRY_AFTER, failed);
    }
    if (state.startsWith(LOGIN_REFUSED)) {
      return PulsegridException.unavailable(
          "the store does not let the role in that SQL is asked as", RETRY_AFTER, failed);
    }
    return PulsegridException.invalid("query", said(failed));
  }

  private static String state(SQLException failed) {
    return failed.getSQLState() == null ? "" : failed.getSQLState();
  }

  /** The server's own words, without where in our statement the query begins. */
  private static String said(SQLException failed) {
    ServerErrorMessage said =
        failed instanceof PSQLException server ? server.getServerErrorMessage() : null;
    String message = said == null ? failed.getMessage() : said.getMessage();
    return message == null ? "is refused by the store" : message.lines().findFirst().orElse("");
  }

  static String withoutLogin(String url) {
    int mark = url.indexOf('?');
    if (mark < 0) {
      return url;
    }
    String kept =
        Arrays.stream(url.substring(mark + 1).split("&", -1))
            .filter(
                parameter -> {
                  String name = parameter.toLowerCase(Locale.ROOT);
                  return !name.startsWith("user=") && !name.startsWith("password=");
                })
            .collect(Collectors.joining("&"));
    return url.substring(0, mark) + (kept.isEmpty() ? "" : "?" + kept);
  }
}
