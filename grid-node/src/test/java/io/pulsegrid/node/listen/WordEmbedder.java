package io.pulsegrid.node.listen;

import io.pulsegrid.core.search.Embedder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A model without a model: texts that share words are near each other. */
final class WordEmbedder implements Embedder {
  private static final int DIMENSIONS = 64;
  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  private final AtomicInteger embedded = new AtomicInteger();

  /** How many texts it has embedded. */
  int embedded() {
    return embedded.get();
  }

  @Override
  public String model() {
    return "words";
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    embedded.addAndGet(texts.size());
    return texts.stream().map(WordEmbedder::vector).toList();
  }

  private static float[] vector(String text) {
    float[] vector = new float[DIMENSIONS];
    for (String word : NO_WORD.split(text, -1)) {
      vector[Math.floorMod(word.hashCode(), DIMENSIONS)] += 1;
    }
    double length = 0;
    for (float value : vector) {
      length += (double) value * value;
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  @Override
  public void close() {}
}
