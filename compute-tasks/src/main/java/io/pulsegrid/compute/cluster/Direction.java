package io.pulsegrid.compute.cluster;

/**
 * Directions as small whole numbers, and their comparison. Sums of whole numbers are exact in any
 * order and on any machine, where sums of floats, in SIMD lanes of varying width, are not: two
 * nodes must come to the same trend.
 */
final class Direction {
  private Direction() {}

  /** A unit vector, one byte a component; components beyond 8 standard deviations are clipped. */
  static byte[] quantised(float[] vector) {
    float scale = (float) unit(vector.length);
    byte[] small = new byte[vector.length];
    for (int i = 0; i < vector.length; i++) {
      small[i] = (byte) Math.clamp(Math.round(vector[i] * scale), -127, 127);
    }
    return small;
  }

  /** The length that a unit vector has here, but for rounding. */
  static double unit(int dimensions) {
    return 127 * Math.sqrt(dimensions) / 8;
  }

  /** The mean cosine between two of {@code count} unit vectors whose sum has this length. */
  static double tightness(double sumLength, int count) {
    return (sumLength * sumLength - count) / ((double) count * (count - 1));
  }

  static double norm(byte[] a) {
    return Math.sqrt(dot(a, a));
  }

  static double norm(int[] a) {
    long sum = 0;
    for (int value : a) {
      sum += (long) value * value;
    }
    return Math.sqrt((double) sum);
  }

  static int dot(byte[] a, byte[] b) {
    int sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static long dot(int[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (long) a[i] * b[i];
    }
    return sum;
  }

  static double cosine(int[] a, int[] b) {
    // Doubles hold these products exactly enough, and in one fixed order.
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    double norms = norm(a) * norm(b);
    return norms == 0 ? 0 : dot / norms;
  }

  static void add(int[] sum, byte[] direction) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += direction[i];
    }
  }

  /** The signs of the components, a bit each: alike directions differ in few bits. */
  static long[] sketch(int[] direction) {
    long[] bits = new long[(direction.length + 63) >> 6];
    for (int i = 0; i < direction.length; i++) {
      if (direction[i] > 0) {
        bits[i >> 6] |= 1L << i;
      }
    }
    return bits;
  }

  static long[] sketch(byte[] direction) {
    int[] wide = new int[direction.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = direction[i];
    }
    return sketch(wide);
  }
}
