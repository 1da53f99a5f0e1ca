package io.pulsegrid.compute.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sketches of all active stories in one array, to find the few that may be near among twenty
 * thousand without touching their vectors.
 */
final class Sketches {
  // 170 of 384 bits apart is a cosine of about .18: below, no story is joined.
  private static final double FARTHEST = 170 / 384.;

  private final List<Story> stories = new ArrayList<>();
  private long[] bits = new long[0];
  private short[] distances = new short[0];
  private int words;

  void put(Story story, long[] sketch) {
    if (words == 0) {
      words = sketch.length;
    }
    if (story.slot < 0) {
      story.slot = stories.size();
      stories.add(story);
      if (bits.length < stories.size() * words) {
        bits = Arrays.copyOf(bits, Math.max(64, stories.size() * 2) * words);
        distances = new short[bits.length / words];
      }
    }
    System.arraycopy(sketch, 0, bits, story.slot * words, words);
  }

  void remove(Story story) {
    int slot = story.slot;
    if (slot < 0) {
      return;
    }
    story.slot = -1;
    Story last = stories.removeLast();
    if (last != story) {
      stories.set(slot, last);
      last.slot = slot;
      System.arraycopy(bits, stories.size() * words, bits, slot * words, words);
    }
  }

  /**
   * Hands over the nearest stories, in no meaningful order: {@code count}, and all that are as near
   * as the last of these, so that the order of slots decides nothing.
   */
  void nearest(long[] sketch, int count, Consumer<Story> found) {
    int size = stories.size();
    int farthest = (int) (FARTHEST * words * 64);
    int[] histogram = new int[words * 64 + 1];
    for (int slot = 0; slot < size; slot++) {
      int distance = 0;
      int at = slot * words;
      for (int word = 0; word < words; word++) {
        distance += Long.bitCount(bits[at + word] ^ sketch[word]);
      }
      distances[slot] = (short) distance;
      histogram[distance]++;
    }
    int radius = 0;
    int inside = histogram[0];
    while (inside < count && radius < farthest) {
      inside += histogram[++radius];
    }
    for (int slot = 0; slot < size; slot++) {
      if (distances[slot] <= radius) {
        found.accept(stories.get(slot));
      }
    }
  }
}
