package io.pulsegrid.node.listen;

import io.pulsegrid.core.search.Embedder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A model without a model: texts that share words are near each other. */
final class WordEmbedder implements Embedder {
  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  private final int dimensions;
  private final AtomicInteger embedded = new AtomicInteger();
  private final String model;

  WordEmbedder() {
    this("words", 64);
  }

  WordEmbedder(int dimensions) {
    this("words", dimensions);
  }

  WordEmbedder(String model) {
    this(model, 64);
  }

  private WordEmbedder(String model, int dimensions) {
    this.model = model;
    this.dimensions = dimensions;
  }

  /** How many texts it has embedded. */
  int embedded() {
    return embedded.get();
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    embedded.addAndGet(texts.size());
    return texts.stream().map(this::vector).toList();
  }

  private float[] vector(String text) {
    float[] vector = new float[dimensions];
    for (String word : NO_WORD.split(text, -1)) {
      vector[Math.floorMod(word.hashCode(), dimensions)] += 1;
    }
    double length = 0;
    for (float value : vector) {
      length += (double) value * value;
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  @Override
  public void close() {}
}
