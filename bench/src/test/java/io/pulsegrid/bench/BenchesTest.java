package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

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
  void hasAsManyDifferentTextsAsAskedFor() throws Exception {
    assertThat(new HashSet<>(BenchTexts.distinct(30_000))).hasSize(30_000);
  }
}
