package io.pulsegrid.node.collect;

import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who visits what, as Postgres decides it. A claim makes a visit happen once in the whole grid, and
 * its fence keeps a visitor that lost its claim from writing over a later one.
 */
public interface VisitLedger {
  /**
   * What is claimed.
   *
   * @param slot the time the visit was due
   * @param asked whether a person asked: neither a backoff nor a slot already taken counts then
   * @param recovering whether the node that claimed this before is known to be dead
   * @param lease how long the claim holds if nothing more is heard of it
   */
  record Claim(String sourceId, Instant slot, boolean asked, boolean recovering, Duration lease) {}

  /** A claimed visit. */
  record Visit(Source source, Source.Credentials credentials, long fence) {}

  /** Claims a visit; empty when it is taken, too early, or the source is gone or deleted. */
  Optional<Visit> claim(Claim claim);

  /**
   * Ends a visit that went well.
   *
   * @param next where to go on
   * @param movedTo the source's new address; null if it stays
   * @return whether the claim still stood; if not, nothing was written
   */
  boolean succeed(Visit visit, Source.Position next, @Nullable URI movedTo);

  /** Ends a visit that failed; the source is left alone for {@code hold}. */
  boolean fail(Visit visit, String detail, Duration hold);

  /**
   * Ends a visit that could not be finished for reasons of ours; not counted as a failure, and made
   * again after {@code hold} unless the source's next one comes as soon.
   */
  boolean postpone(Visit visit, Duration hold);

  /** Ends a source that asked never to be visited again. */
  boolean end(Visit visit, String detail);
}
