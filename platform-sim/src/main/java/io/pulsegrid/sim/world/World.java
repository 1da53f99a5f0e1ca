package io.pulsegrid.sim.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The world, hour by hour: the same seed tells the same stories at the same times, whenever and
 * however often it is asked. It looks back {@link #MEMORY}. Safe for use by many threads.
 */
public final class World {
  public static final Duration MEMORY = Duration.ofDays(3);

  /** Item numbers of Hacker News: one for each comment that a story may get, and its own. */
  public static final int HACKERNEWS_STRIDE = 32;

  private static final int HACKERNEWS_A_MINUTE = 16;
  private static final long HACKERNEWS_FIRST_MINUTE =
      Instant.parse("2024-01-01T00:00:00Z").getEpochSecond() / 60;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final int KEPT_HOURS = (int) (MEMORY.toHours() * 2);

  private final Storyteller storyteller = new Storyteller(Script.load());
  private final long seed;
  private final ConcurrentMap<Long, List<Piece>> stories = new ConcurrentHashMap<>();
  private final ConcurrentMap<Long, Map<Place, List<Piece>>> hours = new ConcurrentHashMap<>();

  public World(long seed) {
    this.seed = seed;
  }

  /** What appeared at a place until {@code until} inclusive, newest first. */
  public Stream<Piece> before(Place place, Instant until) {
    long last = hourOf(until);
    return LongStream.rangeClosed(0, MEMORY.toHours())
        .mapToObj(back -> hour(place, last - back).reversed())
        .flatMap(List::stream)
        .dropWhile(piece -> piece.at().isAfter(until));
  }

  /** What appeared at a place from {@code since} to {@code until}, both inclusive, oldest first. */
  public Stream<Piece> between(Place place, Instant since, Instant until) {
    Instant first = since.isBefore(until.minus(MEMORY)) ? until.minus(MEMORY) : since;
    return LongStream.rangeClosed(hourOf(first), hourOf(until))
        .mapToObj(number -> hour(place, number))
        .flatMap(List::stream)
        .dropWhile(piece -> piece.at().isBefore(first))
        .takeWhile(piece -> !piece.at().isAfter(until));
  }

  /** The earliest moment at which a Hacker News item of this number can have appeared. */
  public static Instant hackerNewsMoment(long number) {
    long minute = number / HACKERNEWS_STRIDE / HACKERNEWS_A_MINUTE + HACKERNEWS_FIRST_MINUTE;
    return Instant.ofEpochSecond(minute * 60);
  }

  private List<Piece> hour(Place place, long number) {
    forgetOldest(hours);
    return hours.computeIfAbsent(number, this::assemble).getOrDefault(place, List.of());
  }

  private Map<Place, List<Piece>> assemble(long number) {
    Instant start = Instant.ofEpochMilli(number * HOUR_MILLIS);
    Instant end = start.plusMillis(HOUR_MILLIS);
    List<Piece> pieces = new ArrayList<>(storyteller.chatter(start, random(number, 1)));
    for (long back = 0; back <= Storyteller.LONGEST_STORY.toHours() + 1; back++) {
      storiesOf(number - back).stream()
          .filter(piece -> !piece.at().isBefore(start) && piece.at().isBefore(end))
          .forEach(pieces::add);
    }
    pieces.sort(Comparator.comparing(Piece::at));
    return numbered(pieces);
  }

  private static Map<Place, List<Piece>> numbered(List<Piece> pieces) {
    Map<Place, List<Piece>> places = new EnumMap<>(Place.class);
    for (Piece piece : pieces) {
      List<Piece> there = places.computeIfAbsent(piece.place(), _ -> new ArrayList<>());
      if (piece.place() == Place.HACKERNEWS) {
        long minute = piece.at().getEpochSecond() / 60 - HACKERNEWS_FIRST_MINUTE;
        long first = minute * HACKERNEWS_A_MINUTE * HACKERNEWS_STRIDE;
        long next = there.isEmpty() ? 0 : there.getLast().number() + HACKERNEWS_STRIDE;
        there.add(piece.numbered(Math.max(first, next)));
      } else {
        there.add(piece.numbered((piece.at().toEpochMilli() << 16) | there.size()));
      }
    }
    return places;
  }

  private List<Piece> storiesOf(long number) {
    forgetOldest(stories);
    LongFunction<List<Piece>> tell =
        hour -> storyteller.stories(Instant.ofEpochMilli(hour * HOUR_MILLIS), random(hour, 2));
    return stories.computeIfAbsent(number, tell::apply);
  }

  private SplittableRandom random(long hour, int purpose) {
    return new SplittableRandom((seed * 31 + purpose) * 1_000_003L + hour);
  }

  private static long hourOf(Instant instant) {
    return Math.floorDiv(instant.toEpochMilli(), HOUR_MILLIS);
  }

  private static void forgetOldest(ConcurrentMap<Long, ?> byHour) {
    if (byHour.size() > KEPT_HOURS) {
      byHour.keySet().stream().min(Comparator.naturalOrder()).ifPresent(byHour::remove);
    }
  }
}
