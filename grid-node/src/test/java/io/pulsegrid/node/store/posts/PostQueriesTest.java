package io.pulsegrid.node.store.posts;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.store.TestPostgres;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostQueriesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final WorkspaceId US = WorkspaceId.DEFAULT;
  private static final WorkspaceId THEM = new WorkspaceId("them");
  private static final PostId ORIGINAL = PostId.of(US, "test", "original");
  private static final Engagement SEEN = new Engagement(5, 3, 2, 1);

  private final DataSource database = TestPostgres.fresh();
  private final PostStore store = new PostStore(database);
  private final PostQueries queries = new PostQueries(database);

  @Test
  void copiesArePagedNewestFirstEachOnce() throws SQLException {
    store.upsert(
        List.of(
            copy(US, "a", NOON, SEEN),
            copy(US, "b", NOON, SEEN),
            copy(US, "c", NOON.plusSeconds(1), SEEN),
            copy(THEM, "d", NOON, SEEN)));

    Page<StoredPost> first = queries.copies(US, ORIGINAL, Instant.EPOCH, new PageRequest(2, null));
    store.upsert(List.of(copy(US, "later", NOON.plusSeconds(2), SEEN)));
    Page<StoredPost> second =
        queries.copies(US, ORIGINAL, Instant.EPOCH, new PageRequest(2, first.next()));

    assertThat(first.items().getFirst().post().content().nativeId()).isEqualTo("c");
    assertThat(first.items()).hasSize(2);
    assertThat(second.next()).isNull();
    assertThat(List.of(first.items().getLast(), second.items().getFirst()))
        .extracting(row -> row.post().content().nativeId())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whatCopiesWereAnsweredWithIsSummedInOneWorkspaceAboveTheFloor() throws SQLException {
    store.upsert(List.of(copy(US, "a", NOON, SEEN), copy(US, "b", NOON, SEEN)));
    store.upsert(List.of(copy(THEM, "c", NOON, SEEN)));

    assertThat(queries.spread(US, ORIGINAL, NOON))
        .isEqualTo(new Posts.Spread(2, new Engagement(10, 6, 4, 2)));
    assertThat(queries.spread(US, ORIGINAL, NOON.plusSeconds(1)))
        .as("collected before the floor")
        .isEqualTo(new Posts.Spread(0, Engagement.NONE));
  }

  @Test
  void aSumThatNoLongHoldsIsTheMostThatOneCan() throws SQLException {
    Engagement most = new Engagement(Long.MAX_VALUE, 1, 0, 0);
    store.upsert(List.of(copy(US, "a", NOON, most), copy(US, "b", NOON, most)));

    Engagement reach = queries.spread(US, ORIGINAL, Instant.EPOCH).reach();
    assertThat(reach).isEqualTo(new Engagement(Long.MAX_VALUE, 2, 0, 0));
    assertThat(reach.plus(most)).isEqualTo(new Engagement(Long.MAX_VALUE, 3, 0, 0));
  }

  @Test
  void copiesAreFoundWithoutLookingThroughThePosts() {
    JdbcClient jdbc = JdbcClient.create(database);
    jdbc.sql(
            """
            INSERT INTO post (id, bucket, workspace, platform, native_id, tags, likes, comments,
              shares, views, published_at, collected_at, duplicate_of, stage, sequence, epoch, number)
            SELECT 'post' || n, 0, 'default', 'test', n, '{}', 0, 0, 0, 0, now() - n * interval '1 s',
              now(), CASE WHEN n % 4 = 0 THEN 'original' || n / 40 END, 3, n, 1, 1
            FROM generate_series(1, 8000) n
            """)
        .update();
    jdbc.sql("ANALYZE post").update();

    for (String sql :
        List.of(
            PostQueries.SPREAD,
            "SELECT *" + PostQueries.COPIES + " ORDER BY published_at DESC, id LIMIT 51")) {
      String plan =
          String.join(
              "\n",
              jdbc.sql("EXPLAIN " + sql)
                  .param("default")
                  .param("original7")
                  .param(Timestamp.from(Instant.EPOCH))
                  .query(String.class)
                  .list());
      assertThat(plan).contains("_workspace_duplicate_of_").doesNotContain("Seq Scan");
    }
  }

  private static StoredPost copy(
      WorkspaceId workspace, String nativeId, Instant at, Engagement of) {
    return new StoredPost(
        new Post(
            PostId.of(workspace, "test", nativeId),
            workspace,
            new Content("test", nativeId, null, null, "words", null, null, null, List.of()),
            of,
            at,
            NOON,
            new Post.Progress(Stage.CLUSTERED, 1, null, ORIGINAL, null)),
        null,
        new Revision(1, 1));
  }
}
