package io.pulsegrid.node.store.posts;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.ledger.OutboxSubject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostStoreTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final PostId ID = PostId.of(WorkspaceId.DEFAULT, "test", "1");

  private final DataSource database = TestPostgres.fresh();
  private final PostStore store = new PostStore(database);
  private final RetentionStore retention = new RetentionStore(database);

  @Test
  void aFlushThatComesTooLateOverwritesNothingAndSaysSo() throws SQLException {
    assertThat(store.upsert(List.of(post("new", 5, 1)))).isEmpty();
    assertThat(store.upsert(List.of(post("late", 4, 9)))).containsExactly(ID);
    assertThat(title()).isEqualTo("new");
    assertThat(store.upsert(List.of(post("new", 5, 1)))).as("the same again").isEmpty();
    assertThat(store.upsert(List.of(post("newer", 5, 2)))).isEmpty();
    assertThat(title()).isEqualTo("newer");
  }

  @Test
  void aLateWriteDoesNotBringADeletedRowBack() throws SQLException {
    store.upsert(List.of(post("deleted", 5, 7)));
    store.delete(Map.of(ID, new Revision(5, 7)));
    assertThat(store.find(List.of(ID))).isEmpty();
    assertThat(store.upsert(List.of(post("late", 5, 7)))).containsExactly(ID);
    assertThat(store.upsert(List.of(post("earlier", 4, 9)))).containsExactly(ID);
    assertThat(store.find(List.of(ID))).isEmpty();
    assertThat(store.tombstones(List.of(ID))).containsEntry(ID.value(), new Revision(5, 7));

    assertThat(store.upsert(List.of(post("anew", 5, 8)))).isEmpty();
    assertThat(title()).isEqualTo("anew");
    store.delete(Map.of(ID, new Revision(5, 7)));
    assertThat(title()).as("a late deletion of the earlier one").isEqualTo("anew");
  }

  @Test
  void aNewPostIsToldToWebhooksThatAskForPosts() throws SQLException {
    JdbcClient jdbc = JdbcClient.create(database);
    store.upsert(List.of(post("nobody asks", 5, 1)));
    jdbc.sql(
            """
            INSERT INTO webhook (id, workspace, url, events, secret, since)
            VALUES ('w', 'default', 'https://example.org', ARRAY['post'], '', 0)
            """)
        .update();
    store.upsert(List.of(post("changed", 5, 2)));
    store.delete(Map.of(ID, new Revision(5, 2)));
    store.upsert(List.of(post("new again", 5, 3)));

    List<Event.Subject> told =
        jdbc.sql("SELECT workspace, subject, payload FROM outbox ORDER BY seq")
            .query((row, _) -> OutboxSubject.of(row))
            .list();
    assertThat(told)
        .containsExactly(new Event.Subject.OfPost(store.find(List.of(ID)).getFirst().post()));
  }

  @Test
  void tombstonesAreKeptForAWhile() throws SQLException {
    store.delete(Map.of(ID, new Revision(5, 7)));
    assertThat(retention.forgetTombstones(Duration.ofHours(1), 10)).isZero();
    assertThat(retention.forgetTombstones(Duration.ZERO, 10)).isEqualTo(1);
    assertThat(store.tombstones(List.of(ID))).isEmpty();
  }

  @Test
  void nothingIsStoredBelowTheRetentionFloor() throws SQLException {
    retention.raise(NOON.plusSeconds(1));
    store.upsert(List.of(post("old", 5, 1)));
    assertThat(store.find(List.of(ID))).isEmpty();
  }

  private String title() throws SQLException {
    return String.valueOf(store.find(List.of(ID)).getFirst().post().content().title());
  }

  private static StoredPost post(String title, long epoch, long number) {
    return new StoredPost(
        new Post(
            ID,
            WorkspaceId.DEFAULT,
            new Content("test", "1", null, null, title, null, null, null, List.of()),
            new Engagement(0, 0, 0, 0),
            NOON,
            NOON,
            new Post.Progress(Stage.COLLECTED, 1, null, null, null)),
        null,
        new Revision(epoch, number));
  }
}
