package io.pulsegrid.bench;

import io.pulsegrid.compute.index.IndexQuery;
import io.pulsegrid.compute.index.IndexSettings;
import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.compute.index.PostIndex.Entry;
import io.pulsegrid.compute.index.PostIndex.Scored;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.SearchFilter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * The same posts in our index, perhaps in ours by bytes, in bare Lucene and, where this machine has
 * it, in pgvector, and what a search of them should find.
 */
final class SearchSubjects implements AutoCloseable {
  /** The platform of one post in twenty. */
  static final String RARE = "rare";

  private static final String COMMON = "common";
  private static final int BATCH = 1_000;
  private static final int BATCHES_A_REFRESH = 5;
  private static final Duration MERGES_ASKED = Duration.ofMillis(200);
  private static final Instant PUBLISHED = Instant.parse("2026-01-01T00:00:00Z");

  private final float[][] vectors;
  private final List<float[]> queryVectors;
  private final List<String> queryTexts;
  private final Map<PostId, Integer> numbers = new HashMap<>();
  private final Path folder;
  private final PostIndex ours;
  private final @Nullable PostIndex bytes;
  private final BareLucene theirs;
  private final @Nullable PgVector pgvector;
  private final BuildLog log;

  private SearchSubjects(
      Path folder,
      float[][] vectors,
      List<float[]> queryVectors,
      List<String> queryTexts,
      boolean byBytes,
      PrintStream progress)
      throws IOException, InterruptedException, SQLException {
    this.vectors = vectors;
    this.queryVectors = queryVectors;
    this.queryTexts = queryTexts;
    this.folder = folder;
    IndexSettings settings = IndexSettings.of("bench", vectors[0].length);
    this.ours = PostIndex.open(folder.resolve("ours"), settings);
    this.bytes =
        byBytes
            ? PostIndex.open(folder.resolve("bytes"), settings.with(IndexSettings.Vectors.INT8))
            : null;
    this.theirs = new BareLucene(folder.resolve("theirs"));
    this.log = new BuildLog(folder, progress);
    if (log.isResumed()) {
      theirs.refresh();
    }
    this.pgvector = pgvector(progress);
  }

  private @Nullable PgVector pgvector(PrintStream progress)
      throws IOException, InterruptedException, SQLException {
    Path home = folder.resolve("pgvector");
    Optional<Path> programs = PgVector.programs();
    if (programs.isEmpty()) {
      progress.println(PgVector.ABSENT);
      return null;
    }
    if (log.isResumed() && !PgVector.isIn(home)) {
      progress.println("pgvector is left out: the run that was stopped began without it");
      return null;
    }
    return PgVector.start(programs.get(), home, vectors[0].length, vectors.length);
  }

  /** Puts all posts, and then as many of them again as there are to be updates. */
  static SearchSubjects build(
      Path folder,
      List<String> texts,
      float[][] vectors,
      List<float[]> queryVectors,
      List<String> queryTexts,
      int updates,
      boolean byBytes,
      PrintStream progress)
      throws IOException, InterruptedException, SQLException {
    SearchSubjects subjects =
        new SearchSubjects(folder, vectors, queryVectors, queryTexts, byBytes, progress);
    try {
      subjects.put(texts, IntStream.range(0, vectors.length).toArray());
      subjects.update(texts, updates, new SplittableRandom(8));
      subjects.complete();
      return subjects;
    } catch (IOException | SQLException | RuntimeException e) {
      subjects.close();
      throw e;
    }
  }

  /** Puts as many posts again as are asked for, each with another vector, scattered over all. */
  private void update(List<String> texts, int count, SplittableRandom random)
      throws IOException, SQLException {
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      chosen[i] = (int) (Integer.toUnsignedLong(i * 0x9E3779B1) % vectors.length);
      vectors[chosen[i]] = Vectors.near(vectors[chosen[i]], random);
    }
    put(texts, chosen);
  }

  private void put(List<String> texts, int[] chosen) throws IOException, SQLException {
    for (int from = 0, batch = 1; from < chosen.length; from += BATCH, batch++) {
      int[] some = Arrays.copyOfRange(chosen, from, Math.min(chosen.length, from + BATCH));
      boolean refresh = batch % BATCHES_A_REFRESH == 0 || from + BATCH >= chosen.length;
      List<Entry> entries = entries(texts, some);
      if (log.isDone(some.length)) {
        continue;
      }
      log.ours += put(ours, entries, refresh);
      if (bytes != null) {
        log.bytes += put(bytes, entries, refresh);
      }
      putIntoTheirs(some, refresh);
      putIntoPgVector(some);
      if (refresh) {
        log.keep();
      }
    }
  }

  private List<Entry> entries(List<String> texts, int[] chosen) {
    List<Entry> entries = new ArrayList<>(chosen.length);
    for (int i : chosen) {
      Entry entry = entry(i, texts.get(i % texts.size()));
      numbers.put(entry.post().id(), i);
      entries.add(entry);
    }
    return entries;
  }

  private static double put(PostIndex index, List<Entry> entries, boolean refresh) {
    long start = System.nanoTime();
    index.put(entries);
    if (refresh) {
      index.refresh();
      index.commit();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void putIntoTheirs(int[] chosen, boolean refresh) throws IOException {
    long start = System.nanoTime();
    for (int i : chosen) {
      theirs.put(i, platform(i), vectors[i]);
    }
    if (refresh) {
      theirs.refresh();
      theirs.commit();
    }
    log.theirs += (System.nanoTime() - start) / 1e9;
  }

  private void putIntoPgVector(int[] chosen) throws SQLException {
    if (pgvector != null) {
      long start = System.nanoTime();
      for (int i : chosen) {
        pgvector.put(i, platform(i), vectors[i]);
      }
      pgvector.commit();
      log.pgvector += (System.nanoTime() - start) / 1e9;
    }
  }

  /** Builds what is built once all posts are in, and waits until nothing is being merged. */
  private void complete() throws IOException, InterruptedException, SQLException {
    while (areMerging()) {
      Thread.sleep(MERGES_ASKED.toMillis());
    }
    ours.refresh();
    if (bytes != null) {
      bytes.refresh();
    }
    theirs.refresh();
    if (pgvector != null) {
      long start = System.nanoTime();
      pgvector.index();
      log.pgvector += (System.nanoTime() - start) / 1e9;
      log.keep();
    }
  }

  /** Merges of all of Lucene's indexes here have threads of their own, named like this. */
  private static boolean areMerging() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("Lucene Merge Thread"));
  }

  private Entry entry(int number, String text) {
    String nativeId = Integer.toString(number);
    String platform = platform(number);
    Post post =
        new Post(
            PostId.of(WorkspaceId.DEFAULT, platform, nativeId),
            WorkspaceId.DEFAULT,
            new Content(platform, nativeId, null, null, text, null, "en", null, List.of()),
            Engagement.NONE,
            PUBLISHED.plusSeconds(number),
            PUBLISHED,
            new Post.Progress(Stage.EMBEDDED, number, null, null, null));
    return new Entry(post, 1, number, vectors[number]);
  }

  // Scattered, so that no run of like vectors falls into one platform.
  private static String platform(int number) {
    return Integer.remainderUnsigned(number * 0x9E3779B9, 20) == 0 ? RARE : COMMON;
  }

  int queries() {
    return queryVectors.size();
  }

  float[] query(int number) {
    return queryVectors.get(number);
  }

  /** Who is there to be asked, ours first. */
  List<Subject> present() {
    return Stream.of(Subject.values())
        .filter(subject -> subject != Subject.PGVECTOR || pgvector != null)
        .filter(subject -> subject != Subject.BYTES || bytes != null)
        .toList();
  }

  /** How long building it took, in seconds. */
  double built(Subject subject) {
    return switch (subject) {
      case OURS -> log.ours;
      case BYTES -> log.bytes;
      case LUCENE -> log.theirs;
      case PGVECTOR -> log.pgvector;
    };
  }

  /** What it takes on disk, in MB. */
  double megabytes(Subject subject) throws IOException, SQLException {
    return switch (subject) {
      case OURS -> megabytes("ours");
      case BYTES -> megabytes("bytes");
      case LUCENE -> megabytes("theirs");
      case PGVECTOR -> presentPgVector().megabytes();
    };
  }

  private double megabytes(String index) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(index))) {
      return files.mapToLong(file -> file.toFile().length()).sum() / 1e6;
    }
  }

  int[] nearest(Subject subject, float[] query, @Nullable String platform, int count)
      throws IOException, SQLException {
    return switch (subject) {
      case OURS -> nearest(ours, query, platform, count);
      case BYTES -> nearest(Objects.requireNonNull(bytes), query, platform, count);
      case LUCENE -> theirs.nearest(query, platform, count);
      case PGVECTOR -> presentPgVector().nearest(query, platform, count);
    };
  }

  /** The one that has to be told how widely to look. */
  PgVector presentPgVector() {
    if (pgvector == null) {
      throw new IllegalStateException("pgvector must be there to be asked");
    }
    return pgvector;
  }

  private int[] nearest(PostIndex index, float[] query, @Nullable String platform, int count) {
    return index
        .search(new IndexQuery(null, query, filter(platform), _ -> true, count))
        .vector()
        .stream()
        .map(Scored::id)
        .mapToInt(id -> numbers.getOrDefault(id, -1))
        .toArray();
  }

  int hybrid(int query, int count) {
    PostIndex.Ranked ranked =
        ours.search(
            new IndexQuery(
                queryTexts.get(query), queryVectors.get(query), filter(null), _ -> true, count));
    return ranked.text().size() + ranked.vector().size();
  }

  /** By each query the numbers of its nearest, found by comparing all. */
  int[][] truth(@Nullable String platform, int count) {
    return IntStream.range(0, queries())
        .parallel()
        .mapToObj(q -> nearest(query(q), platform, count))
        .toArray(int[][]::new);
  }

  private int[] nearest(float[] query, @Nullable String platform, int count) {
    float[] scores = new float[count];
    int[] best = new int[count];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < vectors.length; i++) {
      float score =
          platform == null || platform.equals(platform(i))
              ? VectorUtil.dotProduct(query, vectors[i])
              : Float.NEGATIVE_INFINITY;
      for (int place = count - 1; place >= 0 && score > scores[place]; place--) {
        if (place + 1 < count) {
          scores[place + 1] = scores[place];
          best[place + 1] = best[place];
        }
        scores[place] = score;
        best[place] = i;
      }
    }
    return best;
  }

  private static SearchFilter filter(@Nullable String platform) {
    return new SearchFilter(
        WorkspaceId.DEFAULT, platform, null, null, null, null, List.of(), null, 0);
  }

  @Override
  public void close() throws IOException, SQLException {
    if (pgvector != null) {
      pgvector.close();
    }
    ours.close();
    if (bytes != null) {
      bytes.close();
    }
    theirs.close();
  }

  /** One of those that hold the posts. */
  enum Subject {
    OURS("pulsegrid"),
    BYTES("pulsegrid int8"),
    LUCENE("bare lucene"),
    PGVECTOR("pgvector");

    /** As a table heads it. */
    final String title;

    Subject(String title) {
      this.title = title;
    }
  }
}
