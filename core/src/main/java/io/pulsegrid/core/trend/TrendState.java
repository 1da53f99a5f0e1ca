package io.pulsegrid.core.trend;

/** Where a trend stands, judged against its own past. */
public enum TrendState {
  EMERGING,
  RISING,
  PEAKING,
  FADING
}
