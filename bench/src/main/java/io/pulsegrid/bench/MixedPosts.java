package io.pulsegrid.bench;

import io.pulsegrid.bench.eval.RecordedPosts;
import io.pulsegrid.bench.eval.RecordedPosts.Recorded;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream as long as asked for, made of the recorded posts: all sets side by side in one month,
 * each with its own rises and lulls, and every further month the same again, shifted and mixed, so
 * that its stories have other words.
 */
final class MixedPosts {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final int TITLES = 21_000;

  private MixedPosts() {}

  /** So many, in the order of their times; the same in every run. */
  static List<Recorded> of(int count) throws IOException {
    List<List<Recorded>> sets = sets(count);
    List<Recorded> stream = new ArrayList<>(count);
    for (int month = 0; stream.size() < count; month++) {
      List<Recorded> posts = new ArrayList<>();
      for (List<Recorded> set : sets) {
        for (int i = 0; i < set.size(); i++) {
          posts.add(mixed(set, i, month));
        }
      }
      posts.sort(Comparator.comparing(Recorded::at));
      stream.addAll(posts);
    }
    return stream.subList(0, count);
  }

  private static List<List<Recorded>> sets(int most) throws IOException {
    Map<String, List<Recorded>> sets = new LinkedHashMap<>();
    for (Recorded post : RecordedPosts.in(BenchTexts.shared().resolve("data"), most)) {
      sets.computeIfAbsent(post.platform(), _ -> new ArrayList<>()).add(post);
    }
    List<Recorded> titles = new ArrayList<>();
    for (String title : BenchTexts.distinct(Math.min(most, TITLES))) {
      Instant at = BEGINNING.plusSeconds(titles.size());
      titles.add(new Recorded("titles", String.valueOf(titles.size()), title, at));
    }
    sets.put("titles", titles);
    return List.copyOf(sets.values());
  }

  /**
   * A set's post as it comes in a month. From the second on it ends as another post does that stood
   * as many places further on as months have gone by: of the same event at nearly the same time, so
   * still a story, told in other words each month.
   */
  private static Recorded mixed(List<Recorded> set, int place, int month) {
    Recorded post = set.get(place);
    Instant first = set.getFirst().at();
    double span = Math.max(1, Duration.between(first, set.getLast().at()).toMillis());
    double into = Duration.between(first, post.at()).toMillis() / span;
    return new Recorded(
        post.platform(),
        post.nativeId() + "-" + month,
        month == 0 ? post.text() : spliced(post, set.get((place + month) % set.size())),
        BEGINNING
            .plus(MONTH.multipliedBy(month))
            .plusMillis((long) (into * (MONTH.toMillis() - 1))));
  }

  private static String spliced(Recorded beginning, Recorded end) {
    String[] first = beginning.text().split(" ");
    String[] last = end.text().split(" ");
    List<String> words = new ArrayList<>();
    words.addAll(List.of(first).subList(0, (first.length + 1) / 2));
    words.addAll(List.of(last).subList(last.length / 2, last.length));
    return String.join(" ", words);
  }
}
