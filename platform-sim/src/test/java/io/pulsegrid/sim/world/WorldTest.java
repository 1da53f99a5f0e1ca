package io.pulsegrid.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {
  private static final Instant NOW = Instant.parse("2026-05-12T10:30:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @EnumSource
  void tellsTheSameWhoeverAsksAndWhenever(Place place) {
    World one = new World(7);
    List<Piece> day = one.between(place, NOW.minus(DAY), NOW).toList();
    World other = new World(7);
    other.before(place, NOW.plus(DAY)).limit(10).forEach(_ -> {});
    assertThat(other.between(place, NOW.minus(DAY), NOW)).isEqualTo(day);
    assertThat(other.before(place, NOW).takeWhile(it -> !it.at().isBefore(NOW.minus(DAY))))
        .isEqualTo(day.reversed());
    assertThat(new World(8).between(place, NOW.minus(DAY), NOW)).isNotEqualTo(day);
  }

  @ParameterizedTest
  @EnumSource
  void numbersPiecesUpwardsWithTime(Place place) {
    List<Piece> day = new World(7).between(place, NOW.minus(DAY), NOW).toList();
    assertThat(day).hasSizeGreaterThan(100);
    assertThat(day).isSortedAccordingTo(Comparator.comparing(Piece::at));
    assertThat(day.stream().map(Piece::number).distinct()).hasSize(day.size());
    assertThat(day).isSortedAccordingTo(Comparator.comparingLong(Piece::number));
  }

  @Test
  void tellsStoriesInBurstsAndInManyWords() {
    Map<List<String>, List<Piece>> byKind =
        new World(7)
            .between(Place.MASTODON, NOW.minus(DAY), NOW)
            .filter(piece -> !piece.wording().tags().isEmpty())
            .collect(Collectors.groupingBy(piece -> piece.wording().tags()));
    List<Piece> most =
        byKind.values().stream().max(Comparator.comparingInt(List::size)).orElseThrow();
    assertThat(most).hasSizeGreaterThan(100);
    assertThat(most.stream().map(piece -> piece.wording().text()).distinct())
        .hasSizeGreaterThan(most.size() / 2);
    Map<Instant, Long> byHour =
        most.stream()
            .collect(
                Collectors.groupingBy(
                    piece -> piece.at().truncatedTo(ChronoUnit.HOURS), Collectors.counting()));
    long average = most.size() / 24;
    assertThat(byHour.values().stream().max(Comparator.naturalOrder()).orElseThrow())
        .isGreaterThan(3 * average);
  }

  @Test
  void givesEachDayItsOwnStories() {
    World world = new World(7);
    List<String> today = headlines(world, NOW);
    List<String> again = new ArrayList<>(today);
    again.retainAll(headlines(world, NOW.minus(DAY)));
    assertThat(again).hasSizeLessThan(today.size() / 10);
  }

  private static List<String> headlines(World world, Instant until) {
    return world
        .between(Place.FEEDS, until.minus(Duration.ofHours(6)), until)
        .filter(piece -> !piece.wording().tags().isEmpty())
        .map(piece -> piece.wording().headline())
        .distinct()
        .toList();
  }
}
