package io.pulsegrid.compute.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.core.search.Embedder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the int8 model loses against the fp32 one, on public data. */
class EmbeddingQualityTest {
  @Test
  void bothEnginesAgreeOnRealTitles() {
    List<String> titles = EmbeddingFixtures.titles(200);
    assertThat(titles).hasSize(200);
    try (Embedder onnx = EmbeddingFixtures.onnx();
        Embedder pyTorch = EmbeddingFixtures.pyTorch()) {
      List<float[]> int8 = onnx.embed(titles);
      List<float[]> fp32 = pyTorch.embed(titles);
      double sum = 0;
      for (int i = 0; i < titles.size(); i++) {
        double cosine = EmbeddingFixtures.cosine(int8.get(i), fp32.get(i));
        assertThat(cosine).as(titles.get(i)).isGreaterThan(0.97);
        sum += cosine;
      }
      assertThat(sum / titles.size()).isGreaterThan(0.99);
      assertThat(onnx.model()).isNotEqualTo(pyTorch.model());
    }
  }

  @Test
  void ranksSentencePairsAsWellAsFullPrecision() {
    List<String[]> pairs =
        EmbeddingFixtures.lines("data/sts/sts-dev.csv").stream()
            .map(line -> line.split("\t", -1))
            .toList();
    try (Embedder onnx = EmbeddingFixtures.onnx();
        Embedder pyTorch = EmbeddingFixtures.pyTorch()) {
      double fp32 = spearman(pyTorch, pairs);
      double int8 = spearman(onnx, pairs);
      System.out.printf("STS-B dev Spearman: int8 %.4f, fp32 %.4f%n", int8, fp32);
      assertThat(int8).isCloseTo(fp32, within(0.005));
    }
  }

  private static double spearman(Embedder embedder, List<String[]> pairs) {
    List<String> texts = new ArrayList<>();
    double[] wanted = new double[pairs.size()];
    for (int i = 0; i < wanted.length; i++) {
      String[] columns = pairs.get(i);
      wanted[i] = Double.parseDouble(columns[4]);
      texts.add(columns[5]);
      texts.add(columns[6]);
    }
    List<float[]> vectors = embedder.embed(texts);
    double[] got = new double[wanted.length];
    for (int i = 0; i < got.length; i++) {
      got[i] = EmbeddingFixtures.cosine(vectors.get(2 * i), vectors.get(2 * i + 1));
    }
    return EmbeddingFixtures.spearman(got, wanted);
  }
}
