package io.pulsegrid.bench.eval;

import io.pulsegrid.bench.Outcome;
import io.pulsegrid.bench.Outcome.Row;
import io.pulsegrid.bench.Outcome.Target;
import io.pulsegrid.compute.text.Fingerprint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * Near-duplicates against groups of equal normalised text, beside equal texts as they stand. The
 * normalisation that judges is not the one that is judged: it drops whom a post names and how it
 * was passed on, wherever that stands, links whole or cut, case and punctuation.
 */
final class DuplicateEvaluation implements Evaluation {
  private static final double WANTED_PRECISION = .99;
  private static final double WANTED_RECALL = .95;
  private static final int ENOUGH_WORDS = 3;

  private static final Pattern PASSED_ON =
      Pattern.compile("(?:\\b(?:rt|mt|via)\\b[^\\p{L}\\p{N}@]*)?@\\w+");
  private static final Pattern LINK =
      Pattern.compile("https?://\\S*|\\bh(?:t(?:t(?:p:?/?)?)?)? ?(?:\\.{3}|\u2026)$");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  @Override
  public String name() {
    return "duplicates";
  }

  @Override
  public String question() {
    return "are the copies of a post found, and only these?";
  }

  @Override
  public String directory() {
    return "events";
  }

  @Override
  public List<Outcome> run(Path directory, VectorCache vectors, PrintStream progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    DataSet.events(directory).forEach(set -> outcomes.add(evaluate(set)));
    outcomes.addAll(PairsReadByHand.evaluate(WANTED_PRECISION));
    return outcomes;
  }

  private static Outcome evaluate(DataSet set) {
    List<Object> wanted = groups(set, post -> normalised(post.wording()));
    Map<String, Pairs> found = new LinkedHashMap<>();
    Pairs ours = Pairs.of(CopyGroups.of(set.posts()), wanted);
    Pairs byWords =
        Pairs.of(groups(set, post -> Fingerprint.of(post.wording()).orElse("")), wanted);
    found.put("pulsegrid", ours);
    found.put("same words", byWords);
    found.put("exact hash", Pairs.of(groups(set, LabelledPost::wording), wanted));
    List<Row> rows =
        List.of(
            row("precision", 3, found, Pairs::precision),
            row("recall", 3, found, Pairs::recall),
            row("pairs (wanted: %d)".formatted(ours.wanted()), 0, found, Pairs::together));
    List<Target> targets =
        List.of(
            Target.atLeast("precision", ours.precision(), WANTED_PRECISION),
            Target.atLeast("recall", ours.recall(), WANTED_RECALL));
    return new Outcome("duplicates " + set.name(), rows, targets);
  }

  /** The group of each post; one that says too little is alone. */
  private static List<Object> groups(DataSet set, Function<LabelledPost, String> reading) {
    List<Object> groups = new ArrayList<>();
    for (LabelledPost post : set.posts()) {
      String read = reading.apply(post);
      groups.add(read.isEmpty() ? post.nativeId() : read);
    }
    return groups;
  }

  private static String normalised(String wording) {
    String text = wording.toLowerCase(Locale.ROOT).replace("&amp;", "&");
    text = LINK.matcher(PASSED_ON.matcher(text).replaceAll(" ")).replaceAll(" ");
    String words = NO_WORD.matcher(text).replaceAll(" ").strip();
    return words.split(" ").length < ENOUGH_WORDS ? "" : words;
  }

  private static Row row(
      String label, int decimals, Map<String, Pairs> found, ToDoubleFunction<Pairs> figure) {
    Map<String, Double> figures = new LinkedHashMap<>();
    found.forEach((who, pairs) -> figures.put(who, figure.applyAsDouble(pairs)));
    return new Row(label, decimals, figures);
  }
}
