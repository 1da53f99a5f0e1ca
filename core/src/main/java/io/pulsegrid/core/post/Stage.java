package io.pulsegrid.core.post;

/** How far a post has come; a post only moves forward, except when its wording changes. */
public enum Stage {
  /** Stored. */
  COLLECTED,
  /** Has its vector, or is known to be a near-duplicate, which needs none. */
  EMBEDDED,
  /** Searchable. */
  INDEXED,
  /** Belongs to a trend. */
  CLUSTERED
}
