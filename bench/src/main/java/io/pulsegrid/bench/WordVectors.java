package io.pulsegrid.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** Vectors without a model: each word has a direction, and a text that of its words together. */
final class WordVectors {
  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  private final int dimensions;
  private final Map<String, float[]> words = new HashMap<>();

  WordVectors(int dimensions) {
    this.dimensions = dimensions;
  }

  /** Of unit length. */
  float[] of(String text) {
    float[] sum = new float[dimensions];
    for (String word : NO_WORD.split(text, -1)) {
      float[] direction = words.computeIfAbsent(word, this::direction);
      for (int i = 0; i < dimensions; i++) {
        sum[i] += direction[i];
      }
    }
    double square = 0;
    for (float value : sum) {
      square += (double) value * value;
    }
    float length = (float) Math.sqrt(square);
    for (int i = 0; i < dimensions; i++) {
      sum[i] /= length;
    }
    return sum;
  }

  private float[] direction(String word) {
    SplittableRandom random = new SplittableRandom(word.hashCode());
    float[] direction = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    return direction;
  }
}
