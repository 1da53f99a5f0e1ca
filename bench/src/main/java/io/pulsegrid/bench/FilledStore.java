package io.pulsegrid.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pulsegrid.compute.cluster.ClusterSettings;
import io.pulsegrid.compute.cluster.Member;
import io.pulsegrid.compute.cluster.Snapshot;
import io.pulsegrid.compute.cluster.TrendClusterer;
import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.wire.Revision;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.embedded.EmbeddedStore;
import io.pulsegrid.node.store.posts.PostStore;
import io.pulsegrid.node.store.posts.SavedTrend;
import io.pulsegrid.node.store.posts.StoredPost;
import io.pulsegrid.node.store.posts.TrendStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;

/**
 * A data directory whose PostgreSQL holds posts, vectors and trends just as a grid leaves them
 * behind that has worked on them; only the vectors are made up, of a post's words.
 */
final class FilledStore {
  private static final int BATCH = 1_000;
  private static final int CHECKPOINT = 10_000;
  private static final Duration BETWEEN_POSTS = Duration.ofSeconds(10);

  private final PostStore posts;
  private final TrendStore trends;
  private final TrendStore.Office office;
  private final TrendClusterer clusterer =
      new TrendClusterer(WorkspaceId.DEFAULT, ClusterSettings.STANDARD);
  private final WordVectors vectors;
  private final String model;

  private FilledStore(HikariDataSource database, String model, int dimensions) throws SQLException {
    posts = new PostStore(database);
    trends = new TrendStore(database);
    office = trends.nextOffice(1);
    TrendStore.Claim _ = trends.claim(WorkspaceId.DEFAULT, office, model, 0);
    vectors = new WordVectors(dimensions);
    this.model = model;
  }

  /**
   * The same with vectors that pass for those of the model that nodes use unless told otherwise.
   */
  static void fill(Path data, int count) throws Exception {
    try (Embedder embedder =
        Embedders.open(
            new EmbeddingSettings(
                EmbeddingSettings.Engine.ONNX,
                null,
                "cpu",
                1,
                256,
                512,
                data.resolve("models"),
                EmbeddingSettings.BatchListener.NONE))) {
      fill(data, count, embedder.model(), embedder.dimensions());
    }
  }

  /**
   * Fills a directory; its PostgreSQL is stopped afterwards.
   *
   * @param model the name of the model that the vectors pass for
   */
  private static void fill(Path data, int count, String model, int dimensions) throws Exception {
    HikariConfig pool = new HikariConfig();
    try (EmbeddedStore postgres = EmbeddedStore.start(data)) {
      pool.setJdbcUrl(postgres.url());
      try (HikariDataSource database = new HikariDataSource(pool)) {
        Flyway.configure()
            .dataSource(database)
            .locations("classpath:db/migration")
            .load()
            .migrate();
        new FilledStore(database, model, dimensions).put(BenchTexts.distinct(count));
      }
    }
  }

  /** Works on one batch while the one before is written. */
  private void put(List<String> texts) throws Exception {
    Instant collected = Instant.now().minus(Duration.ofHours(1));
    Instant first = collected.minus(BETWEEN_POSTS.multipliedBy(texts.size()));
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Future<?> written = CompletableFuture.completedFuture(texts);
      for (int from = 0; from < texts.size(); from += BATCH) {
        int to = Math.min(texts.size(), from + BATCH);
        Worked batch = new Worked(to);
        for (int i = from; i < to; i++) {
          Instant published = first.plus(BETWEEN_POSTS.multipliedBy(i));
          batch.rows.add(stored(i, texts.get(i), published, collected, batch.vectors));
        }
        if (to % CHECKPOINT == 0 || to == texts.size()) {
          for (Snapshot snapshot : clusterer.drainTouched()) {
            batch.trends.add(
                new SavedTrend(snapshot.trend(), snapshot.state(), snapshot.aliases()));
          }
        }
        written.get();
        written = writer.submit(() -> write(batch));
      }
      written.get();
    }
  }

  /** A batch as it is to be stored. */
  private static final class Worked {
    private final long lastSequence;
    private final List<StoredPost> rows = new ArrayList<>(BATCH);
    private final Map<String, VectorWire> vectors = new HashMap<>();
    private final List<SavedTrend> trends = new ArrayList<>();

    Worked(long lastSequence) {
      this.lastSequence = lastSequence;
    }
  }

  private boolean write(Worked batch) throws SQLException {
    posts.upsertVectors(batch.vectors);
    if (!posts.upsert(batch.rows).isEmpty()) {
      throw new IllegalStateException("the store must be empty, was not");
    }
    if (!batch.trends.isEmpty()) {
      trends.save(WorkspaceId.DEFAULT, office, batch.lastSequence, batch.trends);
    }
    return true;
  }

  private StoredPost stored(
      int i, String text, Instant published, Instant collected, Map<String, VectorWire> made) {
    String nativeId = Integer.toString(i);
    PostId id = PostId.of(WorkspaceId.DEFAULT, "bench", nativeId);
    long sequence = i + 1L;
    float[] vector = vectors.of(text);
    made.put(id.value(), VectorWire.of(model, vector, sequence, false));
    Engagement counts = new Engagement(i % 500, i % 50, 0, 0);
    TrendId trend =
        clusterer.add(
            new Member(
                id, sequence, published, "bench", text, vector, null, counts.likes() + i % 50));
    Content content =
        new Content(
            "bench",
            nativeId,
            "https://example.org/posts/" + i,
            "author" + i % 1_000,
            text,
            null,
            "en",
            null,
            List.of("a", "b"));
    return new StoredPost(
        new Post(
            id,
            WorkspaceId.DEFAULT,
            content,
            counts,
            published,
            collected,
            new Post.Progress(Stage.CLUSTERED, sequence, null, null, trend)),
        Integer.toHexString(text.hashCode()),
        new Revision(1, 1L << 20));
  }
}
