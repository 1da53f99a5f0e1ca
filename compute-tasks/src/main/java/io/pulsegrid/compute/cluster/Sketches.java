package io.pulsegrid.compute.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sketches of all active stories, to find the few that may be near among twenty thousand
 * without touching their vectors. Kept word by word, not story by story: the JIT then counts the
 * bits of several stories in one instruction.
 */
final class Sketches {
  // 170 of 384 bits apart is a cosine of about .18: below, no story is joined.
  private static final double FARTHEST = 170 / 384.;

  private final List<Story> stories = new ArrayList<>();
  private long[][] columns = new long[0][];
  private int[] distances = new int[0];

  void put(Story story, long[] sketch) {
    if (columns.length == 0) {
      columns = new long[sketch.length][0];
    }
    if (story.slot < 0) {
      story.slot = stories.size();
      stories.add(story);
      if (distances.length < stories.size()) {
        int capacity = Math.max(64, stories.size() * 2);
        distances = new int[capacity];
        Arrays.setAll(columns, word -> Arrays.copyOf(columns[word], capacity));
      }
    }
    for (int word = 0; word < sketch.length; word++) {
      columns[word][story.slot] = sketch[word];
    }
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
      for (long[] column : columns) {
        column[slot] = column[stories.size()];
      }
    }
  }

  /**
   * Hands over the nearest stories, in no meaningful order: {@code count}, and all that are as near
   * as the last of these, so that the order of slots decides nothing.
   */
  void nearest(long[] sketch, int count, Consumer<Story> found) {
    int size = stories.size();
    Arrays.fill(distances, 0, size, 0);
    for (int word = 0; word < columns.length; word++) {
      addDistances(columns[word], sketch[word], distances, size);
    }
    int[] histogram = new int[sketch.length * 64 + 1];
    for (int slot = 0; slot < size; slot++) {
      histogram[distances[slot]]++;
    }
    int farthest = (int) (FARTHEST * sketch.length * 64);
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

  private static void addDistances(long[] column, long word, int[] distances, int size) {
    for (int slot = 0; slot < size; slot++) {
      distances[slot] += Long.bitCount(column[slot] ^ word);
    }
  }
}
