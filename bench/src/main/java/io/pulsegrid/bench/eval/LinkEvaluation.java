package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Headlines with their links, each posted once more as it is shared: with words of the sharer's own
 * before it, by which it is no edited headline, and with what is added to links to count clicks.
 */
final class LinkEvaluation implements Evaluation {
  private static final double WANTED_PRECISION = .99;
  private static final double WANTED_RECALL = .95;
  private static final List<String> TRACKING =
      List.of(
          "utm_source=twitter&utm_medium=social&utm_campaign=spring",
          "fbclid=IwAR0qX1",
          "gclid=Cj0KCQ&ref=share",
          "utm_content=buffer%d");

  @Override
  public String name() {
    return "links";
  }

  @Override
  public String question() {
    return "is a page known again, whatever its link counts?";
  }

  @Override
  public String directory() {
    return "stories";
  }

  @Override
  public List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (DataSet set : DataSet.stories(directory)) {
      List<LabelledPost> linked = set.posts().stream().filter(post -> post.url() != null).toList();
      if (!linked.isEmpty()) {
        outcomes.add(evaluate(set.name(), linked));
      }
    }
    return outcomes;
  }

  private static Outcome evaluate(String name, List<LabelledPost> headlines) {
    List<LabelledPost> posts = new ArrayList<>(headlines);
    for (int i = 0; i < headlines.size(); i++) {
      posts.add(shared(headlines.get(i), i));
    }
    // Headlines that are copies of one another already stay together.
    List<Integer> wanted = new ArrayList<>(CopyGroups.of(headlines));
    wanted.addAll(List.copyOf(wanted));
    Pairs ours = Pairs.of(CopyGroups.of(posts), wanted);
    Map<String, Pairs> found = new LinkedHashMap<>();
    found.put("pulsegrid", ours);
    found.put("words alone", Pairs.of(CopyGroups.of(withoutLinks(posts)), wanted));
    found.put(
        "same link",
        Pairs.of(posts.stream().map(post -> String.valueOf(post.url())).toList(), wanted));
    return new Outcome(
        "links " + name,
        List.of(
            row("precision", 3, found, Pairs::precision),
            row("recall", 3, found, Pairs::recall),
            row("pairs (wanted: %d)".formatted(ours.wanted()), 0, found, Pairs::together)),
        List.of(
            Target.atLeast("precision", ours.precision(), WANTED_PRECISION),
            Target.atLeast("recall", ours.recall(), WANTED_RECALL)));
  }

  private static LabelledPost shared(LabelledPost headline, int number) {
    String url = String.valueOf(headline.url());
    String tracking = TRACKING.get(number % TRACKING.size()).formatted(number);
    return new LabelledPost(
        "shared-" + headline.nativeId(),
        "Worth reading: " + headline.wording(),
        url + (url.contains("?") ? "&" : "?") + tracking,
        headline.label(),
        headline.at());
  }

  private static List<LabelledPost> withoutLinks(List<LabelledPost> posts) {
    return posts.stream()
        .map(
            post ->
                new LabelledPost(post.nativeId(), post.wording(), null, post.label(), post.at()))
        .toList();
  }

  private static Row row(
      String label, int decimals, Map<String, Pairs> found, ToDoubleFunction<Pairs> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    found.forEach((who, pairs) -> figures.put(who, figure.applyAsDouble(pairs)));
    return new Row(label, decimals, figures);
  }
}
