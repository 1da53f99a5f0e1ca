package io.pulsegrid.node.collect;

import io.pulsegrid.core.source.Source;
import java.time.Duration;

/**
 * When sources are visited. Called within the transaction that changes the source, so that a source
 * and its plan stand or fall together.
 */
public interface VisitPlan {
  /** Plans a source's visits anew, the first one at once. */
  void put(Source source);

  /** Ends a source's visits; one in progress goes on and finds its claim gone. */
  void remove(String sourceId);

  /** Adds a visit at once; none if one is already asked for. */
  void now(Source source);

  /** Adds a visit in a while, unless the source's own next one comes as soon. */
  void again(Source source, Duration after);
}
