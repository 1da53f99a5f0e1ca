package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake.Receipt;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that do not say the same words: edited headlines, and texts under one link. */
class EditedCopiesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String HEADLINE = "Flood warnings issued for southern Alberta rivers";
  private static final String EDITED = "Flood alerts issued for southern Alberta rivers";
  private static final String OTHER_NUMBER = "Flood warnings issued for 3 southern Alberta rivers";

  private final SettableClock clock = new SettableClock(Instant.now());
  private final DataSource database = TestPostgres.fresh();
  private final WordEmbedder embedder = new WordEmbedder();
  @TempDir private Path directory;

  @Test
  void areCountedForTheirOriginalAndNotEmbedded() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(
          grid,
          post("1", HEADLINE, NOON, 7),
          post("2", EDITED, NOON, 20),
          post("3", OTHER_NUMBER, NOON),
          linked("4", "Rivers rise", "https://news.example/a?utm_source=x"),
          linked("5", "Rivers rise!!", "http://www.news.example/a#top"),
          linked("6", "https://news.example/a", "https://news.example/a/?fbclid=1"));
      assertThat(original(grid, "2")).isEqualTo(id("1"));
      assertThat(original(grid, "3")).isNull();
      assertThat(original(grid, "5")).isEqualTo(id("4"));
      assertThat(original(grid, "6")).isEqualTo(id("4"));
      assertThat(embedder.embedded()).isEqualTo(3);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          grid
                              .first()
                              .trends()
                              .list(WORKSPACE, null, 1, PageRequest.first())
                              .items()
                              .stream()
                              .mapToLong(Trend::postCount)
                              .sum())
                      .isEqualTo(6));
      assertThat(grid.first().verification().run(false).clean()).isTrue();
      GridPosts posts = grid.first().posts();
      assertThat(posts.copies(grid.find("1"), PageRequest.first()).items())
          .containsExactly(grid.find("2"));
      assertThat(posts.copies(grid.find("4"), PageRequest.first()).items())
          .containsExactlyInAnyOrder(grid.find("5"), grid.find("6"));
      assertThat(posts.spread(grid.find("1")))
          .isEqualTo(new Posts.Spread(1, new Engagement(27, 0, 0, 0)));
      assertThat(posts.spread(grid.find("2")).copies()).isZero();
    }
  }

  @Test
  void aCopyOfACopyRepeatsTheOriginal() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(grid, post("1", HEADLINE, NOON));
      take(grid, post("2", EDITED, NOON));
      take(grid, post("3", EDITED, NOON));
      take(grid, post("4", "RT @bob: " + EDITED, NOON));
      assertThat(original(grid, "3")).isEqualTo(id("1"));
      assertThat(original(grid, "4")).isEqualTo(id("1"));
    }
  }

  @Test
  void areFoundAfterARestart() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(grid, post("1", HEADLINE, NOON));
    }
    try (ListeningFixture grid = grid(1)) {
      take(grid, post("2", EDITED, NOON));
      assertThat(original(grid, "2")).isEqualTo(id("1"));
    }
  }

  @Test
  void aTraceThatItsPostHasGivenUpPassesOn() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      take(grid, post("1", HEADLINE, NOON));
      take(grid, post("1", "Something else was said about it in the end", NOON));
      take(grid, post("2", HEADLINE, NOON));
      take(grid, post("3", EDITED, NOON));
      assertThat(original(grid, "2")).isNull();
      assertThat(original(grid, "3")).isEqualTo(id("2"));
    }
  }

  private ListeningFixture grid(int size) throws SQLException {
    return new ListeningFixture(size, database, directory, embedder, clock);
  }

  private static void take(ListeningFixture grid, IncomingPost... posts) throws SQLException {
    assertThat(grid.first().intake().take(WORKSPACE, List.of(posts)))
        .hasOnlyElementsOfType(Receipt.Accepted.class);
    grid.settle();
  }

  private static IncomingPost linked(String nativeId, String title, String url) {
    return new IncomingPost(
        new Content("test", nativeId, url, "ann", title, null, "en", null, List.of()),
        NOON,
        Engagement.NONE,
        null);
  }

  private static PostId id(String nativeId) {
    return PostId.of(WORKSPACE, "test", nativeId);
  }

  private static @Nullable PostId original(ListeningFixture grid, String nativeId) {
    Post found = grid.first().posts().find(WORKSPACE, id(nativeId)).orElseThrow();
    return found.progress().duplicateOf();
  }
}
