package io.pulsegrid.bench.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The same posts as they might have come as well: each moved by up to a quarter of the stream, and
 * then at the time of its new place. A single pass depends on what comes first; one order alone
 * says little about it.
 */
final class OtherOrders {
  static final int COUNT = 16;

  private final List<LabelledPost> posts;
  private final List<float[]> vectors;

  OtherOrders(List<LabelledPost> posts, List<float[]> vectors) {
    this.posts = posts;
    this.vectors = vectors;
  }

  /**
   * Finds groups in each order.
   *
   * @param grouping gives each post of a stream its group
   * @return the BCubed F1 of each order
   */
  List<Double> f1(BiFunction<List<LabelledPost>, List<float[]>, List<?>> grouping) {
    return IntStream.rangeClosed(1, COUNT).mapToObj(seed -> f1(seed, grouping)).toList();
  }

  private double f1(int seed, BiFunction<List<LabelledPost>, List<float[]>, List<?>> grouping) {
    List<LabelledPost> stream = new ArrayList<>();
    List<float[]> theirs = new ArrayList<>();
    for (int place : order(seed)) {
      LabelledPost post = posts.get(place);
      stream.add(
          new LabelledPost(
              post.nativeId(),
              post.wording(),
              post.url(),
              post.label(),
              posts.get(stream.size()).at()));
      theirs.add(vectors.get(place));
    }
    return BCubed.of(
            grouping.apply(stream, theirs), stream.stream().map(LabelledPost::label).toList())
        .f1();
  }

  private List<Integer> order(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] places =
        IntStream.range(0, posts.size())
            .mapToDouble(i -> i + random.nextDouble() * posts.size() / 4)
            .toArray();
    return IntStream.range(0, posts.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> places[i]))
        .toList();
  }
}
