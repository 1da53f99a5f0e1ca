package io.pulsegrid.core.trend;

/** Where a trend stands, judged against its own past. */
public enum TrendState {
  /** A burst has begun. */
  EMERGING,
  /** It doubled since it began. */
  RISING,
  /** It grows no more, or is what is usual by now. */
  PEAKING,
  /** It is over, or there never was one. */
  FADING
}
