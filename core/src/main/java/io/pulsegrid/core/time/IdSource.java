package io.pulsegrid.core.time;

/** Where new ids come from: time-ordered UUIDs (version 7) in production, counters in tests. */
@FunctionalInterface
public interface IdSource {
  /** A new id, never given before. */
  String next();
}
