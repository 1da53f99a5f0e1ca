package io.pulsegrid.node.store.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.query.Table;
import io.pulsegrid.node.config.SqlSettings;
import io.pulsegrid.node.store.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class StoredQueriesTest {
  private static final WorkspaceId OURS = new WorkspaceId("ours");
  private static final WorkspaceId THEIRS = new WorkspaceId("theirs");
  private static final Path PAGE = Path.of("../docs/sql.md");
  private static final Pattern EXAMPLE = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static StoredQueries queries;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static String url;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static JdbcClient jdbc;

  @BeforeAll
  static void fill() {
    url = TestPostgres.freshUrl();
    DataSource source = TestPostgres.pool(url);
    jdbc = JdbcClient.create(source);
    queries = queries(url, source);
    for (WorkspaceId workspace : List.of(OURS, THEIRS)) {
      fill(workspace.value());
    }
  }

  private static StoredQueries queries(String url, DataSource source) {
    return new StoredQueries(
        JdbcClient.create(source),
        new TransactionTemplate(new JdbcTransactionManager(source)),
        url,
        StoredQueriesTest::secretFor,
        new SqlSettings(Duration.ofSeconds(1), 4));
  }

  private static String secretFor(String purpose) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(purpose.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fill(String workspace) {
    jdbc.sql("INSERT INTO workspace (id) VALUES (?)").param(workspace).update();
    jdbc.sql(
            """
            INSERT INTO post (id, bucket, workspace, platform, native_id, title, tags, likes, comments,
              shares, views, published_at, collected_at, stage, sequence, epoch, number)
            VALUES (:w || '-post', 0, :w, 'hackernews', 'n', 'secret of ' || :w, '{a,b}', 5, 0, 0, 0,
              now(), now(), 0, 1, 1, 1)
            """)
        .param("w", workspace)
        .update();
    jdbc.sql(
            """
            INSERT INTO trend (id, workspace, label, keywords, summary, state, score, post_count,
              platforms, first_seen, last_seen, history, working)
            VALUES (:w || '-trend', :w, 'of ' || :w, '{}', '', 'RISING', 1, 2, '{}', now(), now(), '[]',
              '')
            """)
        .param("w", workspace)
        .update();
    jdbc.sql(
            """
            INSERT INTO channel (id, workspace, platform, handle, base_url, zone, slots, credentials)
            VALUES (:w || '-channel', :w, 'mastodon', '@' || :w, 'https://m', 'UTC', '[]', '')
            """)
        .param("w", workspace)
        .update();
  }

  @Test
  void answersFromTheWorkspacesOwnRowsInTheirTypes() {
    Table table =
        queries.ask(
            OURS,
            "SELECT title, likes, tags, likes > 3 AS liked, url FROM posts -- WHERE false",
            10);
    assertThat(table.columns())
        .extracting(Table.Column::name)
        .containsExactly("title", "likes", "tags", "liked", "url");
    assertThat(table.rows()).hasSize(1);
    assertThat(table.rows().getFirst()).containsExactly("secret of ours", 5L, "{a,b}", true, null);
    assertThat(table.more()).isFalse();
    assertThat(queries.ask(THEIRS, "SELECT label FROM trends", 10).rows())
        .containsExactly(List.of("of theirs"));
  }

  @Test
  void tellsThatRowsWereLeftOut() {
    Table table = queries.ask(OURS, "SELECT * FROM generate_series(1, 1000000)", 3);
    assertThat(table.rows()).hasSize(3);
    assertThat(table.more()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM public.post",
        "SELECT * FROM public.api_key",
        "SELECT * FROM public.query_reader",
        "SELECT passwd FROM pg_shadow",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT set_config('role', 'postgres', true)",
        "SELECT set_config('session_authorization', 'postgres', true)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock_shared(1, 2)",
        "SELECT query_to_xml('SELECT * FROM public.post', true, true, '')",
        "SELECT set_config('transaction_read_only', 'off', true), lo_create(1)",
        "SELECT set_config('temp_file_limit', '-1', true)",
        "SELECT 1; SELECT 2",
        "SELECT 1; COMMIT; DELETE FROM public.post",
        "SELECT 1 /* ; */ ; DROP SCHEMA asked CASCADE",
        "DELETE FROM posts",
        "UPDATE channels SET paused = true",
        "INSERT INTO asked.trends (id) VALUES ('x')",
        "WITH gone AS (DELETE FROM asked.channels RETURNING *) SELECT * FROM gone",
        "SELECT * INTO stolen FROM posts",
        "SET ROLE postgres",
        "RESET ROLE",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "DO $$ BEGIN PERFORM 1; END $$",
        "CREATE TEMP TABLE t (i int)",
        "SELECT * FROM posts FOR UPDATE",
        "EXPLAIN ANALYZE SELECT 1",
        "COMMIT",
        "SELECT repeat('x', 40000000)",
        "SELECT pg_sleep(20)",
        "SELECT FROM WHERE",
        ";",
        "SELECT 'unended"
      })
  void refusesWhatIsNoQuestionAboutTheWorkspace(String attack) {
    assertThatThrownBy(() -> queries.ask(OURS, attack, 10))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(FailureCode.INVALID);
              assertThat(refused.errors().getFirst().field()).isEqualTo("query");
            });
    assertThat(jdbc.sql("SELECT count(*) FROM post").query(Integer.class).single()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Were the rows of others looked at before they are left out, it would divide by zero.
        "SELECT title FROM posts WHERE 1 / (CASE WHEN title LIKE '%theirs%' THEN 0 ELSE 1 END) = 1",
        "SELECT title FROM posts UNION SELECT label FROM trends UNION SELECT handle FROM channels",
        "SELECT p.title FROM posts p, channels c",
        "SELECT set_config('search_path', 'public', true), title FROM asked.posts",
        "SELECT set_config('pulsegrid.workspace', 'theirs', true), title FROM posts",
        "TABLE posts"
      })
  void showsNothingOfOthersHoweverItIsAsked(String question) {
    Table table = queries.ask(OURS, question, 100);
    assertThat(table.rows()).isNotEmpty();
    assertThat(table.rows().toString()).contains("ours").doesNotContain("theirs-", "of theirs");
  }

  @Test
  void makesARoleOnceMoreThatTheStoreLost() {
    jdbc.sql("INSERT INTO workspace (id) VALUES ('lost')").update();
    WorkspaceId lost = new WorkspaceId("lost");
    String asked = "SELECT current_setting('temp_file_limit')";
    assertThat(queries.ask(lost, asked, 1).rows()).containsExactly(List.of("2GB"));
    String role =
        jdbc.sql("SELECT role FROM query_reader WHERE workspace = 'lost'")
            .query(String.class)
            .single();
    jdbc.sql("DROP OWNED BY " + role).update();
    jdbc.sql("DROP ROLE " + role).update();

    assertThat(queries.ask(lost, asked, 1).rows()).containsExactly(List.of("2GB"));
  }

  @Test
  void tellsWithoutItsStatementThatARoleCannotBeMade() {
    jdbc.sql("CREATE ROLE powerless LOGIN").update();
    jdbc.sql("GRANT SELECT ON installation TO powerless").update();
    jdbc.sql("GRANT EXECUTE ON FUNCTION pg_advisory_xact_lock(bigint) TO powerless").update();
    String theirs = url.replace("user=postgres", "user=powerless");
    StoredQueries powerless = queries(theirs, TestPostgres.pool(theirs));

    assertThatThrownBy(() -> powerless.ask(new WorkspaceId("never"), "SELECT 1", 1))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            refused -> assertThat(refused.code()).isEqualTo(FailureCode.UNAVAILABLE))
        .hasMessageContaining("CREATEROLE")
        .hasStackTraceContaining("42501")
        .satisfies(
            refused ->
                assertThat(Throwables.getStackTrace(refused))
                    .doesNotContain("PASSWORD '", "SCRAM-SHA-256"));
  }

  @Test
  void runsEveryQueryOfThePage() throws IOException {
    List<String> examples =
        EXAMPLE
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1).strip())
            .toList();
    assertThat(examples).hasSize(5);
    for (String example : examples) {
      assertThat(queries.ask(OURS, example, 10).columns()).as(example).isNotEmpty();
    }
  }

  @Test
  void takesNoLoginFromTheAddress() {
    assertThat(StoredQueries.withoutLogin("jdbc:postgresql://h:1/d?user=a&ssl=true&password=b"))
        .isEqualTo("jdbc:postgresql://h:1/d?ssl=true");
    assertThat(StoredQueries.withoutLogin("jdbc:postgresql://h/d?user=a"))
        .isEqualTo("jdbc:postgresql://h/d");
  }
}
