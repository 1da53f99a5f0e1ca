package io.pulsegrid.bench.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * The second baseline: a group is as near as the mean of its nearest member and its centroid, and
 * groups whose centroids come close become one. Dense vectors only, nothing bounded, nothing
 * forgotten, one setting for all data.
 */
final class Prototype {
  private static final double JOIN = .38;
  private static final double MERGE = .55;

  private final List<float[]> vectors;
  private final List<Group> groups = new ArrayList<>();
  private final int[] groupOf;

  private Prototype(List<float[]> vectors) {
    this.vectors = vectors;
    groupOf = new int[vectors.size()];
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Group(int id, List<Integer> members, double[] sum) {
    double cosine(double[] other) {
      double dot = 0;
      for (int i = 0; i < sum.length; i++) {
        dot += sum[i] * other[i];
      }
      return dot / (norm(sum) * norm(other));
    }

    private static double norm(double[] vector) {
      double squares = 0;
      for (double component : vector) {
        squares += component * component;
      }
      return Math.sqrt(squares);
    }

    void add(double[] other) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += other[i];
      }
    }
  }

  /** The group of each post. */
  static List<Integer> groups(List<float[]> vectors) {
    Prototype run = new Prototype(vectors);
    for (int i = 0; i < vectors.size(); i++) {
      run.add(i);
    }
    List<Integer> groups = new ArrayList<>();
    for (int group : run.groupOf) {
      groups.add(group);
    }
    return groups;
  }

  private void add(int post) {
    double[] vector = wide(vectors.get(post));
    Group best = null;
    double bestNearness = JOIN;
    for (Group group : groups) {
      double nearest = -1;
      for (int member : group.members()) {
        nearest = Math.max(nearest, SinglePass.dot(vectors.get(post), vectors.get(member)));
      }
      double nearness = (nearest + group.cosine(vector)) / 2;
      if (nearness >= bestNearness) {
        best = group;
        bestNearness = nearness;
      }
    }
    if (best == null) {
      best = new Group(post, new ArrayList<>(), new double[vector.length]);
      groups.add(best);
    }
    best.members().add(post);
    best.add(vector);
    groupOf[post] = best.id();
    merge(best);
  }

  private void merge(Group grown) {
    Group nearest = null;
    double best = MERGE;
    for (Group group : groups) {
      double cosine = group.id() == grown.id() ? -1 : group.cosine(grown.sum());
      if (cosine >= best) {
        nearest = group;
        best = cosine;
      }
    }
    if (nearest == null) {
      return;
    }
    groups.remove(nearest);
    for (int member : nearest.members()) {
      groupOf[member] = grown.id();
    }
    grown.members().addAll(nearest.members());
    grown.add(nearest.sum());
    merge(grown);
  }

  private static double[] wide(float[] vector) {
    double[] wide = new double[vector.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = vector[i];
    }
    return wide;
  }
}
