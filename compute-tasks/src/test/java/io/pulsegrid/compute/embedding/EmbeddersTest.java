package io.pulsegrid.compute.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.search.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddersTest {
  private static final String MADRID = "Flood waters rise in Madrid after a night of rain";

  private static Embedder embedder;

  @BeforeAll
  static void open() {
    embedder = EmbeddingFixtures.onnx();
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void tellsItsModelAndDimensions() {
    assertThat(embedder.model()).matches("all-minilm-l6-v2-q-[0-9a-f]{8}");
    assertThat(embedder.dimensions()).isEqualTo(384);
  }

  @Test
  void givesVectorsOfUnitLength() {
    List<float[]> vectors = embedder.embed(List.of("short", MADRID, "word ".repeat(400)));
    assertThat(vectors)
        .allSatisfy(
            vector -> {
              assertThat(vector).hasSize(384);
              assertThat(EmbeddingFixtures.cosine(vector, vector)).isCloseTo(1, within(1e-5));
            });
  }

  @Test
  void placesLikeTextsNearEachOther() {
    List<float[]> vectors =
        embedder.embed(
            List.of(
                MADRID, "Madrid streets under water as heavy rain goes on", "A new phone is out"));
    double alike = EmbeddingFixtures.cosine(vectors.get(0), vectors.get(1));
    double unlike = EmbeddingFixtures.cosine(vectors.get(0), vectors.get(2));
    assertThat(alike).isGreaterThan(0.6);
    assertThat(unlike).isLessThan(0.3);
  }

  @Test
  void hearsNothingInALinkUnlessThereIsNothingElse() {
    List<float[]> vectors =
        embedder.embed(
            List.of(
                MADRID,
                MADRID + " http://t.co/Ab9XyZkq1R HTTPS://example.com/a?b=c",
                "https://t.co/GMAwHpoqwC",
                "https://example.com/recipes/pancakes"));
    assertThat(vectors.get(1)).isEqualTo(vectors.get(0));
    assertThat(EmbeddingFixtures.cosine(vectors.get(2), vectors.get(3))).isLessThan(0.8);
  }

  @Test
  void givesATextTheVeryVectorThatItHasAlone() {
    List<String> texts =
        IntStream.range(0, 120)
            .mapToObj(i -> "Topic " + i + " about" + " something".repeat(i * 37 % 60))
            .toList();
    List<float[]> together = embedder.embed(texts);
    for (int i = 0; i < texts.size(); i += 7) {
      float[] alone = embedder.embed(List.of(texts.get(i))).getFirst();
      // Bit for bit, whatever else was in the batch and however far it was padded.
      assertThat(alone).as("text %d", i).isEqualTo(together.get(i));
    }
  }

  @Test
  void cutsALongTextAtTheModelsLimit() {
    String head = "The river rose above its banks and the town was evacuated. ".repeat(60);
    List<float[]> vectors =
        embedder.embed(List.of(head, head + "Unrelated: a phone is out. ".repeat(400_000)));
    assertThat(EmbeddingFixtures.cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.99);
  }

  @Test
  void cutsBetweenCharactersOutsideTheBasicPlane() {
    assertThat(embedder.embed(List.of("a" + "😀".repeat(50_000)))).hasSize(1);
  }

  @Test
  void embedsAnEmptyText() {
    float[] vector = embedder.embed(List.of("")).getFirst();
    assertThat(EmbeddingFixtures.cosine(vector, vector)).isCloseTo(1, within(1e-5));
  }

  @Test
  void embedsNothingAsNothing() {
    assertThat(embedder.embed(List.of())).isEmpty();
  }

  @Test
  void tellsTheListenerOfEveryBatchWithinTheBudget() {
    AtomicInteger texts = new AtomicInteger();
    List<Integer> tokens = Collections.synchronizedList(new ArrayList<>());
    BatchListener listener =
        (count, size, took) -> {
          texts.addAndGet(count);
          tokens.add(size);
          assertThat(took).isPositive().isLessThan(Duration.ofMinutes(1));
        };
    try (Embedder listened = EmbeddingFixtures.onnx(256, listener)) {
      listened.embed(Collections.nCopies(100, MADRID));
    }
    assertThat(texts).hasValue(100);
    assertThat(tokens).hasSizeGreaterThan(4).allSatisfy(n -> assertThat(n).isLessThan(257));
  }

  @Test
  void answersManyCallersAtOnceEachWithTheirOwn() {
    List<float[]> expected = embedder.embed(List.of("one", "two two", "three three three"));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<List<float[]>>> answers =
          IntStream.range(0, 60)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () -> embedder.embed(List.of("one", "two two", "three three three")),
                          callers))
              .toList();
      for (var answer : answers) {
        for (int i = 0; i < 3; i++) {
          assertThat(EmbeddingFixtures.cosine(answer.join().get(i), expected.get(i)))
              .isGreaterThan(0.999);
        }
      }
    }
  }

  @Test
  void refusesToEmbedOnceClosed() {
    Embedder closed = EmbeddingFixtures.onnx();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.embed(List.of("late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void unpacksTheModelOnceAndMendsADamagedCopy(@TempDir Path cache) throws IOException {
    ModelFiles first = ModelFiles.builtIn(cache);
    long whole = Files.size(first.model());
    assertThat(ModelFiles.builtIn(cache)).isEqualTo(first);
    Files.write(first.model(), new byte[] {1, 2, 3});
    assertThat(Files.size(ModelFiles.builtIn(cache).model())).isEqualTo(whole);
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).containsExactly(first.model());
    }
  }

  @Test
  void refusesToStartOnCudaWithoutADevice() {
    EmbeddingSettings settings =
        new EmbeddingSettings(
            Engine.ONNX,
            null,
            "cuda",
            1,
            256,
            512,
            Path.of("target/embedding-cache"),
            BatchListener.NONE);
    assertThatThrownBy(() -> Embedders.open(settings))
        .isInstanceOf(PulsegridException.class)
        .hasMessageStartingWith("device: cuda needs an NVIDIA device");
  }

  @Test
  void refusesAModelFileThatIsNotThere() {
    assertThatThrownBy(
            () ->
                Embedders.open(
                    EmbeddingFixtures.settings(
                        Engine.ONNX, "no/such/model.onnx", 512, BatchListener.NONE)))
        .isInstanceOf(PulsegridException.class)
        .hasMessageStartingWith("model: there is no file");
  }

  @Test
  void refusesAModelFileThatIsNoModel(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("wrong.onnx"), "not a model");
    assertThatThrownBy(
            () ->
                Embedders.open(
                    EmbeddingFixtures.settings(
                        Engine.ONNX, file.toString(), 512, BatchListener.NONE)))
        .isInstanceOf(PulsegridException.class)
        .hasMessageStartingWith("model: the ONNX engine cannot load");
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatThrownBy(
            () -> EmbeddingFixtures.settings(Engine.PYTORCH, null, 512, BatchListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("model must be");
    assertThatThrownBy(() -> EmbeddingFixtures.settings(Engine.ONNX, null, 100, BatchListener.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batchTokens must be at least maxTokens (256), was 100");
  }
}
