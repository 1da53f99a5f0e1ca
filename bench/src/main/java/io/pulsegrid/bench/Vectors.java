package io.pulsegrid.bench;

import java.util.List;
import java.util.SplittableRandom;

/** Arithmetic on vectors of unit length. */
final class Vectors {
  private Vectors() {}

  static void toUnitLength(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
  }

  /**
   * Vectors spread as real ones are: each of them first as it is, then again with noise, at a
   * cosine of .89 to where it came from.
   */
  static float[][] spread(List<float[]> real, int count, SplittableRandom random) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      float[] vector = real.get(i % real.size()).clone();
      if (i >= real.size()) {
        vector = near(vector, random);
      }
      vectors[i] = vector;
    }
    return vectors;
  }

  /** A vector with noise, at a cosine of .89 to where it came from. */
  static float[] near(float[] from, SplittableRandom random) {
    float[] vector = from.clone();
    double deviation = 0.5 / Math.sqrt(vector.length);
    for (int d = 0; d < vector.length; d++) {
      vector[d] += (float) (random.nextGaussian() * deviation);
    }
    toUnitLength(vector);
    return vector;
  }
}
