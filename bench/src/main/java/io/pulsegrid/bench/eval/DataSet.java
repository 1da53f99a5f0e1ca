package io.pulsegrid.bench.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Labelled posts in the order of a stream.
 *
 * @param name the file's name without its ending
 */
record DataSet(String name, List<LabelledPost> posts) {
  static final String ON_TOPIC = "on-topic";

  private static final Instant NO_TIMES = Instant.parse("2024-03-01T00:00:00Z");
  private static final String LABELS = "_LABEL.txt";
  private static final long TWITTER_EPOCH_MILLIS = 1288834974657L;

  DataSet {
    posts = List.copyOf(posts);
  }

  /**
   * The sets of stories in a directory: headlines as the UCI news aggregator lists them (.csv), and
   * texts with their labels line by line in a second file (.txt).
   */
  static List<DataSet> stories(Path directory) throws IOException {
    List<DataSet> sets = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      Path labels = file.resolveSibling(name.replaceAll("\\.txt$", LABELS));
      if (name.endsWith(".csv")) {
        sets.add(new DataSet(stem(name), headlines(file)));
      } else if (name.endsWith(".txt") && !name.endsWith(LABELS) && Files.exists(labels)) {
        sets.add(new DataSet(stem(name), lines(file, labels)));
      }
    }
    return sets;
  }

  /** The events in a directory, as CrisisLexT6 lists them, in the order of their tweets' times. */
  static List<DataSet> events(Path directory) throws IOException {
    List<DataSet> sets = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".csv")) {
        sets.add(new DataSet(stem(name).replace("-ontopic_offtopic", ""), tweets(file)));
      }
    }
    return sets;
  }

  private static List<LabelledPost> headlines(Path file) throws IOException {
    return Csv.rows(file).stream()
        .map(
            row ->
                new LabelledPost(
                    row.get(0),
                    row.get(1),
                    row.get(2).replace("\\?", "?").replace("&amp;", "&"),
                    row.get(5),
                    Instant.ofEpochMilli(Long.parseLong(row.get(7)))))
        .toList();
  }

  private static List<LabelledPost> lines(Path file, Path labels) throws IOException {
    List<String> texts = Files.readAllLines(file);
    List<String> labelled = Files.readAllLines(labels);
    if (texts.size() != labelled.size()) {
      throw new IOException(
          "%s must have a line for each of %s: %d, not %d"
              .formatted(labels, file, texts.size(), labelled.size()));
    }
    List<LabelledPost> posts = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      // The data has no times: one a minute.
      Instant at = NO_TIMES.plus(Duration.ofMinutes(i));
      String label = labelled.get(i).strip();
      posts.add(new LabelledPost(String.valueOf(i), texts.get(i), null, label, at));
    }
    return posts;
  }

  private static List<LabelledPost> tweets(Path file) throws IOException {
    return Csv.rows(file).stream()
        .map(
            row -> {
              String id = row.get(0).replace("'", "").strip();
              return new LabelledPost(id, row.get(1), null, row.get(2).strip(), tweetedAt(id));
            })
        .sorted(
            Comparator.comparing(LabelledPost::at)
                .thenComparingLong(post -> Long.parseLong(post.nativeId())))
        .toList();
  }

  /** When a tweet was written, which its id tells. */
  private static Instant tweetedAt(String id) {
    return Instant.ofEpochMilli((Long.parseLong(id) >> 22) + TWITTER_EPOCH_MILLIS);
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String stem(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
