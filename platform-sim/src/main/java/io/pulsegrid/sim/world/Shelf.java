package io.pulsegrid.sim.world;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a place of the world shows at one moment. */
public record Shelf(World world, Place place, Instant now) {
  private static final List<String> SECTIONS =
      List.of("tech", "security", "business", "world", "science");

  /** Everything that is remembered, newest first. */
  public Stream<Piece> newest() {
    Instant oldest = now.minus(World.MEMORY);
    return world.before(place, now).takeWhile(piece -> piece.at().isAfter(oldest));
  }

  /** The piece of that number, unless it is still to come or forgotten. */
  public Optional<Piece> find(long number) {
    Instant at = Instant.ofEpochMilli(number >> 16);
    return at.isAfter(now) || at.isBefore(now.minus(World.MEMORY))
        ? Optional.empty()
        : world.between(place, at, at).filter(piece -> piece.number() == number).findFirst();
  }

  /** Pieces that hold every word of {@code query}; words with a colon are not words to be found. */
  public static Predicate<Piece> saying(String query) {
    List<String> words =
        Arrays.stream(query.toLowerCase(Locale.ROOT).split("\\s+"))
            .map(word -> word.replaceAll("[\"#]", ""))
            .filter(word -> !word.isEmpty() && word.indexOf(':') < 0)
            .toList();
    return piece -> {
      String all =
          (piece.wording().headline()
                  + " "
                  + piece.wording().text()
                  + " "
                  + String.join(" ", piece.wording().tags()))
              .toLowerCase(Locale.ROOT);
      return words.stream().allMatch(all::contains);
    };
  }

  /** Pieces of a section; a name that is none of the sections' shows all of them. */
  public static Predicate<Piece> in(String section) {
    String name = section.toLowerCase(Locale.ROOT);
    return piece -> !SECTIONS.contains(name) || piece.wording().section().equals(name);
  }
}
