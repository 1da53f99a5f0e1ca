package io.pulsegrid.compute.index;

import static io.pulsegrid.compute.index.IndexFixtures.EVERYTHING;
import static io.pulsegrid.compute.index.IndexFixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.compute.index.PostIndex.Entry;
import io.pulsegrid.compute.index.PostIndex.Scored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordStatisticsTest {
  private static final String ASKED = "storm wind \"heavy rain\" -hail";

  @TempDir Path directory;

  @Test
  void makeEveryIndexScoreAsOneOfAllPostsWould() {
    try (PostIndex all = open("all");
        PostIndex first = open("first");
        PostIndex second = open("second")) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String text = (i % 7 == 0 ? "wind " : "") + (i % 2 == 0 ? "storm " : "") + "x".repeat(i);
        entries.add(entry("p" + i, text + (i % 3 == 0 ? " heavy rain" : " rain")));
      }
      all.put(entries);
      first.put(entries.subList(0, 15));
      second.put(entries.subList(15, 60));
      for (PostIndex index : List.of(all, first, second)) {
        index.refresh();
      }
      WordStatistics together =
          WordStatistics.together(List.of(first.statistics(ASKED), second.statistics(ASKED)), 1);
      assertThat(together).isEqualTo(all.statistics(ASKED));
      Map<String, Float> expected = scores(all, null);
      Map<String, Float> parts = scores(first, together);
      assertThat(parts).isNotEmpty();
      parts.putAll(scores(second, together));
      assertThat(parts).isEqualTo(expected);
      assertThat(scores(first, null)).as("by its own statistics").isNotEqualTo(expected);
    }
  }

  @Test
  void countEachPostOnceHoweverManyCopiesThereAre() {
    try (PostIndex one = open("one");
        PostIndex copy = open("copy")) {
      for (PostIndex index : List.of(one, copy)) {
        index.put(List.of(entry("a", "storm storm"), entry("b", "heavy rain and wind")));
        index.refresh();
      }
      assertThat(WordStatistics.together(List.of(one.statistics(ASKED), copy.statistics(ASKED)), 2))
          .isEqualTo(one.statistics(ASKED));
    }
  }

  @Test
  void neverKeepAWordFromBeingFound() {
    try (PostIndex index = open("index")) {
      index.put(List.of(entry("a", "storm"), entry("b", "wind")));
      index.refresh();
      WordStatistics none = new WordStatistics(Map.of(), Map.of());
      WordStatistics odd =
          new WordStatistics(
              Map.of("text:storm", new WordStatistics.Word(9, 1)),
              Map.of("text", new WordStatistics.Field(3, 1, 0)));
      assertThat(scores(index, none)).hasSize(2);
      assertThat(scores(index, odd))
          .hasSize(2)
          .allSatisfy((_, score) -> assertThat(score).isPositive());
    }
  }

  private PostIndex open(String name) {
    return PostIndex.open(directory.resolve(name), IndexFixtures.SETTINGS);
  }

  private static Map<String, Float> scores(PostIndex index, @Nullable WordStatistics statistics) {
    String words = "storm wind";
    Map<String, Float> scores = new HashMap<>();
    IndexQuery.Detail detail = new IndexQuery.Detail(statistics, List.of(), null);
    for (Scored hit :
        index.search(new IndexQuery(words, null, EVERYTHING, _ -> true, 100, detail)).text()) {
      scores.put(hit.id().value(), hit.score());
    }
    return scores;
  }
}
