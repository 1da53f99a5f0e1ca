package io.pulsegrid.client;

import org.jspecify.annotations.Nullable;

/**
 * How an import goes.
 *
 * @param platform for posts that name none
 * @param parallel how many pieces of the stream are on their way at once, 1 to 16. With 1 the grid
 *     takes the posts exactly in their order; more are faster
 */
public record ImportOptions(@Nullable String platform, int parallel) {
  private static final int USUAL = 4;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException for a number out of bounds
   */
  public ImportOptions {
    if (parallel < 1 || parallel > 16) {
      throw new IllegalArgumentException("parallel must be 1 to 16, was " + parallel);
    }
  }

  /** Four pieces at once, for posts of this platform. */
  public static ImportOptions of(@Nullable String platform) {
    return new ImportOptions(platform, USUAL);
  }
}
