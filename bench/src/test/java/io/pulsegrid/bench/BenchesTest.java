package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benches at a size that only shows that they measure what they say. */
class BenchesTest {
  private final PrintStream progress =
      new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

  @Test
  void measuresEmbeddingBesideBareOnnxRuntime() throws Exception {
    Outcome outcome = new EmbeddingBench(60, 1).run(progress);
    assertThat(outcome.rows().getFirst().figures())
        .containsKeys("pulsegrid", "bare ort", "bare ort, best");
    assertThat(outcome.targets()).allSatisfy(t -> assertThat(t.figure()).isPositive());
  }

  @Test
  void measuresSearchBesideBareLucene() throws Exception {
    Outcome outcome = new SearchBench(2_000, 1_000, 200, 10).run(progress);
    assertThat(outcome.targets())
        .filteredOn(target -> target.label().endsWith("recall@10"))
        .hasSize(2)
        .allSatisfy(target -> assertThat(target.figure()).isGreaterThan(0.95));
  }

  @Test
  void findsInPgVectorWhatWasPutLastWhereThisMachineHasIt(@TempDir Path folder) throws Exception {
    Path programs = PgVector.programs().orElse(null);
    assumeTrue(programs != null, "PostgreSQL with pgvector absent");
    float[][] vectors = {{1, 0}, {0.8f, 0.6f}, {0, 1}, {-1, 0}};
    try (PgVector pgvector = PgVector.start(programs, folder, 2, vectors.length)) {
      for (int i = 0; i < vectors.length; i++) {
        pgvector.put(i, i % 2 == 0 ? "even" : "odd", vectors[i]);
      }
      pgvector.commit();
    }
    try (PgVector pgvector = PgVector.start(programs, folder, 2, vectors.length)) {
      pgvector.put(3, "odd", new float[] {0.96f, 0.28f});
      pgvector.commit();
      pgvector.index();
      pgvector.breadth(60);
      assertThat(pgvector.nearest(vectors[0], null, 3)).containsExactly(0, 3, 1);
      assertThat(pgvector.nearest(vectors[0], "even", 3)).containsExactly(0, 2);
      assertThat(pgvector.megabytes()).isPositive();
    }
    assertThat(folder.resolve("data/postmaster.pid")).as("the mark of a server").doesNotExist();
  }

  @Test
  void goesOnBuildingWhereAnEarlierRunWas(@TempDir Path folder) throws Exception {
    BuildLog first = new BuildLog(folder, progress);
    assertThat(first.isResumed()).isFalse();
    assertThat(first.isDone(1_000)).isFalse();
    first.ours += 2.5;
    first.keep();
    assertThat(first.isDone(1_000)).as("put, but not committed").isFalse();

    BuildLog second = new BuildLog(folder, progress);
    assertThat(second.isResumed()).isTrue();
    assertThat(second.ours).isEqualTo(2.5);
    assertThat(second.isDone(1_000)).isTrue();
    assertThat(second.isDone(1_000)).isFalse();
  }

  @Test
  void measuresTheStoreBesidePlainJdbcAndLosesNothing() throws Exception {
    Outcome outcome = new StoreBench(3_000, 1).run(progress);
    assertThat(outcome.rows().get(1).figures())
        .containsOnlyKeys("pulsegrid", "jdbc batches", "jdbc, rewritten");
    assertThat(outcome.targets())
        .filteredOn(target -> target.label().equals("lost"))
        .singleElement()
        .satisfies(lost -> assertThat(lost.figure()).isZero());
  }

  @Test
  void measuresTheLimitsBesideBucketsAndIsNeverOver() throws Exception {
    Outcome outcome = new LimitsBench(List.of(64), 500, 1).run(progress);
    assertThat(outcome.rows().getFirst().figures())
        .containsOnlyKeys("pulsegrid", "bucket4j-ignite")
        .allSatisfy((_, figure) -> assertThat(figure).isPositive());
    assertThat(outcome.rows().getLast().figures())
        .hasEntrySatisfying("pulsegrid", most -> assertThat(most).isBetween(1.0, 100.0))
        .hasEntrySatisfying("bucket4j-ignite", most -> assertThat(most).isGreaterThan(100));
  }

  @Test
  void countsTheMostInAnyWindow() {
    assertThat(LimitsBench.mostWithin(new long[] {0, 1, 9, 10, 11, 19, 20}, 10)).isEqualTo(3);
    assertThat(LimitsBench.mostWithin(new long[] {}, 10)).isZero();
  }

  @Test
  void tellsLatenciesToAnotherProcess() {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= 100; i++) {
      latencies.add(i * 1_000_000L);
    }
    Latencies again = Latencies.parse(latencies.word());
    assertThat(again.millis(0.5)).isEqualTo(50.01);
    assertThat(again.millis(0.99)).isEqualTo(99.01);
    assertThat(Latencies.parse(new Latencies().word()).millis(0.99)).isZero();
  }

  @Test
  void hasAsManyDifferentTextsAsAskedFor() throws Exception {
    assertThat(new HashSet<>(BenchTexts.distinct(30_000))).hasSize(30_000);
  }
}
