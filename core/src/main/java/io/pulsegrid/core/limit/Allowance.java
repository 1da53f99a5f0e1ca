package io.pulsegrid.core.limit;

import java.time.Instant;

/**
 * What a platform says is left of its limit, whatever its header dialect.
 *
 * @param remaining how many more actions it takes before {@code reset}
 * @param ofApp whether all accounts of the platform's app share it
 */
public record Allowance(int limit, int remaining, Instant reset, boolean ofApp) {
  /** What is left of an account's own limit. */
  public Allowance(int limit, int remaining, Instant reset) {
    this(limit, remaining, reset, false);
  }

  /** The same, shared by all accounts of the platform's app. */
  public Allowance shared() {
    return new Allowance(limit, remaining, reset, true);
  }
}
