package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.publish.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leave to publish, granted in batches against every window that applies to a channel: its own and
 * those that its platform's app shares. Grants count from the moment they are given until one
 * window after the call ended, so that the platform's own count is never over. Safe for use by many
 * threads; blocks for one round trip in the grid.
 */
public interface Permits {
  /** How long a grant may wait for its delivery to be armed; release it rather than arm later. */
  Duration TO_ARM = Duration.ofSeconds(5);

  /**
   * One granted call.
   *
   * @param number what tells it from every other permit
   * @param shared whether it also counts in the windows of the platform's app
   */
  record Permit(String channelId, String platform, long number, boolean shared) {}

  /**
   * What was granted.
   *
   * @param permits as many as were allowed, possibly none
   * @param notBefore when the next one would be allowed; {@code now} unless something holds it back
   */
  record Grant(List<Permit> permits, Instant notBefore) {
    public Grant {
      permits = List.copyOf(permits);
    }
  }

  /**
   * What is wanted on one channel.
   *
   * @param leaseEnd when a permit that is neither settled nor released counts as used
   */
  record Wanted(String channelId, String platform, int count, Instant leaseEnd) {}

  /**
   * Permits to publish on channels, each named once, in as few round trips as go. Never throws: a
   * channel that the grid cannot answer for is granted nothing for a moment.
   *
   * @param ended calls that ended before, told on the same way as {@link #ended} tells them and
   *     before anything is granted
   * @param now the store's time
   * @return what each was granted, up to its count, in their order
   */
  List<Grant> grantAll(List<Wanted> wanted, List<Ended> ended, Instant now);

  /** What a call that ended did to its permit. */
  enum Use {
    /** The platform counts it from its end on. */
    COUNTED,
    /** Surely the platform does not count it. */
    FREE,
    /** The platform may count it: it is held until its lease ends. */
    UNKNOWN
  }

  /**
   * The end of a call.
   *
   * @param allowance what the platform's headers said after it; null for nothing. It can only hold
   *     back further than our own count does, and no longer than the longest window
   */
  record Ended(Permit permit, Use use, Instant at, @Nullable Allowance allowance) {}

  /**
   * Calls ended, whatever they came to. Never throws: a permit of which the grid hears nothing ends
   * with its lease.
   */
  void ended(List<Ended> calls);

  /** Surely nothing was called. Never throws: an unreleased permit ends with its lease. */
  void release(Permit permit);

  /**
   * The platform said "not now": nothing is granted in the scope before {@code until}.
   *
   * @param scope {@code channel:<id>} or {@code app:<platform>}
   */
  void throttled(String scope, Instant until, String reason);

  /** The scope of a channel. */
  static String scopeOf(String channelId) {
    return "channel:" + channelId;
  }

  /** The scope that all channels of a platform share. */
  static String appScopeOf(String platform) {
    return "app:" + platform;
  }

  /** The scope that a platform spoke of when it said "not now" to a channel. */
  static String scopeOf(Outcome.Throttled said, String channelId, String platform) {
    return said.ofApp() ? appScopeOf(platform) : scopeOf(channelId);
  }
}
