package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.grid.Verification;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.posts.PostDigests;
import io.pulsegrid.node.store.posts.PostStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.ignite.Ignite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison says of a grid that it cannot look at whole. */
class VerificationTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final DataSource database = TestPostgres.fresh();
  @TempDir private Path directory;

  @Test
  void isNotCleanWhileANodeCannotSayWhatItHas() throws SQLException {
    GridFixture nodes = GridFixture.of(1);
    WordEmbedder embedder = new WordEmbedder();
    try (ListeningFixture grid =
        new ListeningFixture(
            nodes, 1, database, directory, _ -> embedder, InstantSource.system())) {
      List<IncomingPost> posts = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        posts.add(post("p" + i, "story" + i + " of word" + 7 * i, NOON));
      }
      grid.first().intake().take(WORKSPACE, posts);
      grid.settle();
      assertThat(grid.first().verification().run(false).clean()).isTrue();

      // Its partitions come to it before it is ready to answer for them.
      Ignite starting = nodes.add();
      await()
          .until(
              () ->
                  grid.first()
                          .caches()
                          .affinity()
                          .primaryPartitions(starting.cluster().localNode())
                          .length
                      > 0);
      Verification.Report report = verification(grid.first(), embedder).run(false);
      assertThat(report.clean()).isFalse();
      assertThat(report.differing()).as("nothing is known to differ").isZero();
      assertThat(report.differences()).singleElement().asString().contains("could not be compared");
    }
  }

  /** One that waits for nothing. */
  private GridVerification verification(ListeningFixture.Node node, WordEmbedder embedder) {
    return new GridVerification(
        new GridVerification.Parts(
            node.ignite(),
            node.caches(),
            new PostDigests(database),
            new Adoption(node.caches(), new PostStore(database), embedder.model()),
            () -> Instant.EPOCH,
            _ -> {}));
  }
}
