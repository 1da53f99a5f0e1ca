package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.text.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Posts as weighted words, weights taken from the whole set at once: more than a stream could know.
 */
final class TfIdf {
  private static final int WORDS_OF_A_POST = 48;

  private final List<Map<String, Double>> posts;

  TfIdf(List<String> wordings) {
    List<List<String>> words =
        wordings.stream().map(wording -> Words.of(wording, WORDS_OF_A_POST)).toList();
    Map<String, Integer> users = new HashMap<>();
    words.forEach(post -> post.forEach(word -> users.merge(word, 1, Integer::sum)));
    posts = words.stream().map(post -> weighted(post, users, wordings.size())).toList();
  }

  private static Map<String, Double> weighted(
      List<String> words, Map<String, Integer> users, int posts) {
    Map<String, Double> weights = new HashMap<>();
    double squares = 0;
    for (String word : words) {
      double weight = 1 + Math.log((1d + posts) / (1 + users.getOrDefault(word, 1)));
      weights.put(word, weight);
      squares += weight * weight;
    }
    double norm = Math.sqrt(squares);
    weights.replaceAll((_, weight) -> weight / norm);
    return weights;
  }

  double cosine(int one, int other) {
    Map<String, Double> few = posts.get(one);
    Map<String, Double> many = posts.get(other);
    if (few.size() > many.size()) {
      few = posts.get(other);
      many = posts.get(one);
    }
    double dot = 0;
    for (Map.Entry<String, Double> entry : few.entrySet()) {
      dot += entry.getValue() * many.getOrDefault(entry.getKey(), 0d);
    }
    return dot;
  }
}
