package io.pulsegrid.node.listen;

import java.util.ArrayList;
import java.util.List;

/** Texts to be embedded by another node; what they belong to stays where it is. */
final class EmbedJob extends NodeJob<EmbedJob.Embedded> {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final List<String> texts;

  /**
   * A question.
   *
   * @param model what the asker embeds with: a node with another one embeds nothing
   */
  EmbedJob(String model, List<String> texts) {
    this.model = model;
    this.texts = new ArrayList<>(texts);
  }

  /** The vectors, one after the other. */
  static final class Embedded {
    private String model = "";
    private int dimensions = 1;
    private float[] numbers = {};

    String model() {
      return model;
    }

    List<float[]> vectors() {
      List<float[]> vectors = new ArrayList<>();
      for (int from = 0; from < numbers.length; from += dimensions) {
        float[] vector = new float[dimensions];
        System.arraycopy(numbers, from, vector, 0, dimensions);
        vectors.add(vector);
      }
      return vectors;
    }
  }

  @Override
  Embedded run(LocalNode node) {
    Embedded embedded = new Embedded();
    embedded.model = node.embedder().model();
    if (!embedded.model.equals(model)) {
      return embedded;
    }
    List<float[]> vectors = node.embedder().embed(texts);
    embedded.dimensions = node.embedder().dimensions();
    embedded.numbers = new float[vectors.size() * embedded.dimensions];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(
          vectors.get(i), 0, embedded.numbers, i * embedded.dimensions, embedded.dimensions);
    }
    return embedded;
  }
}
