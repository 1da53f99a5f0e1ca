package io.pulsegrid.bench.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The posts of all labelled sets, without their labels, for benches that want real stories. */
public final class RecordedPosts {
  private RecordedPosts() {}

  /**
   * A post of a set.
   *
   * @param platform the set's own
   */
  public record Recorded(String platform, String nativeId, String text, Instant at) {}

  /**
   * Those of a data directory in one stream, by their times; of each set the first {@code most}.
   * Empty where there are none.
   */
  public static List<Recorded> in(Path data, int most) throws IOException {
    List<DataSet> sets = new ArrayList<>(DataSet.stories(data.resolve("stories")));
    sets.addAll(DataSet.events(data.resolve("events")));
    return sets.stream()
        .flatMap(set -> recorded(set, most))
        .sorted(Comparator.comparing(Recorded::at))
        .toList();
  }

  private static Stream<Recorded> recorded(DataSet set, int most) {
    String platform = set.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String named = platform.substring(0, Math.min(32, platform.length()));
    return set.posts().stream()
        .filter(post -> !post.wording().isBlank())
        .limit(most)
        .map(post -> new Recorded(named, post.nativeId(), post.wording(), post.at()));
  }
}
