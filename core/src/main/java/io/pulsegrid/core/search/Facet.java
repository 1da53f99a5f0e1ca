package io.pulsegrid.core.search;

/** A side of posts by whose values those found can be counted. */
public enum Facet {
  PLATFORM,
  /** {@code en-GB} counts as {@code en-gb} and as {@code en}, as a filter finds it by both. */
  LANG,
  /** A post counts once for each of its tags. */
  TAG,
  AUTHOR,
  /** By the trend's id as it is now, whatever was merged into it. */
  TREND
}
