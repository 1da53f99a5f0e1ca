package io.pulsegrid.node.listen;

import io.pulsegrid.compute.index.FacetCounts;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/** A facet's counts as they cross nodes. */
final class FacetTally {
  private final Facet facet;
  private final List<String> values;
  private final long[] counts;
  private final List<String> examples;

  /** What a node has counted. */
  static FacetTally of(FacetCounts counted) {
    List<String> values = new ArrayList<>(counted.counts().keySet());
    List<String> examples = new ArrayList<>();
    if (!counted.examples().isEmpty()) {
      for (String value : values) {
        PostId example = counted.examples().get(value);
        examples.add(example == null ? "" : example.value());
      }
    }
    return new FacetTally(
        counted.facet(),
        values,
        values.stream().mapToLong(value -> counted.counts().getOrDefault(value, 0L)).toArray(),
        examples);
  }

  /** What is told of a facet. */
  static FacetTally of(Facet facet, List<Map.Entry<String, Long>> values) {
    return new FacetTally(
        facet,
        new ArrayList<>(values.stream().map(Map.Entry::getKey).toList()),
        values.stream().mapToLong(Map.Entry::getValue).toArray(),
        new ArrayList<>());
  }

  private FacetTally(Facet facet, List<String> values, long[] counts, List<String> examples) {
    this.facet = facet;
    this.values = values;
    this.counts = counts;
    this.examples = examples;
  }

  Facet facet() {
    return facet;
  }

  void forEach(ObjLongConsumer<String> consumer) {
    for (int i = 0; i < counts.length; i++) {
      consumer.accept(values.get(i), counts[i]);
    }
  }

  /** Adds to {@code into} by each value that has one the id of a post that has the value. */
  void examples(Map<String, String> into) {
    for (int i = 0; i < examples.size(); i++) {
      if (!examples.get(i).isEmpty()) {
        into.putIfAbsent(values.get(i), examples.get(i));
      }
    }
  }

  /** About how many bytes it takes. */
  int weight() {
    return 64 * counts.length;
  }
}
