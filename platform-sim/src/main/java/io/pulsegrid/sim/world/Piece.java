package io.pulsegrid.sim.world;

import java.time.Instant;
import java.util.List;

/**
 * Something somebody put into the world.
 *
 * @param number its place's own number for it, rising with time
 * @param appeal how many likes it gets in the end
 */
public record Piece(
    long number, Place place, Instant at, String author, Wording wording, String url, int appeal) {
  /**
   * What it says.
   *
   * @param section the feed section it belongs to
   */
  public record Wording(String headline, String text, String section, List<String> tags) {
    public Wording {
      tags = List.copyOf(tags);
    }
  }

  Piece numbered(long given) {
    return new Piece(given, place, at, author, wording, url, appeal);
  }

  /** How many likes it has by {@code now}: quick at first, then ever slower. */
  public long likes(Instant now) {
    return Attention.share(appeal, at, now, 1);
  }

  /** How many comments it has by {@code now}; they follow the likes. */
  public long comments(Instant now) {
    return Attention.share(Math.min(24, appeal / 6), at, now, 2);
  }
}
