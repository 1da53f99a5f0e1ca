package io.pulsegrid.node.limits;

import io.pulsegrid.node.limits.Permits.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Calls that ended and of which the limits have not heard yet. Each waits for the next question on
 * its channel, where telling it costs nothing more, but not for long. Until then its permit counts
 * as one in use, which is never too few. What concerns the whole app does not wait: other nodes ask
 * there too. Not safe for use by several threads.
 */
public final class Untold {
  private static final Duration LONGEST = Duration.ofMillis(100);

  /** In the order in which the first of each channel came. */
  private final Map<String, OfChannel> waiting = new LinkedHashMap<>();

  /** Those of one channel, in the order they ended. */
  private record OfChannel(Instant until, List<Ended> calls) {
    boolean isPressing() {
      return calls.stream().anyMatch(Untold::concernsTheApp);
    }
  }

  /** Takes in calls that ended by now. */
  public void add(Collection<Ended> calls, Instant now) {
    for (Ended call : calls) {
      waiting
          .computeIfAbsent(
              call.permit().channelId(), _ -> new OfChannel(now.plus(LONGEST), new ArrayList<>()))
          .calls()
          .add(call);
    }
  }

  /** What is to be told together with questions on these channels, by channel as they ended. */
  public List<Ended> take(Collection<String> channels, Instant now) {
    List<Ended> told = new ArrayList<>();
    for (String channel : channels) {
      OfChannel found = waiting.remove(channel);
      if (found != null) {
        told.addAll(found.calls());
      }
    }
    told.addAll(taken(one -> one.isPressing() || !one.until().isAfter(now)));
    return told;
  }

  /** Everything. */
  public List<Ended> takeAll() {
    return taken(_ -> true);
  }

  /** How long until something has waited long enough, at most {@code longest}. */
  public Duration untilNext(Instant now, Duration longest) {
    if (waiting.isEmpty()) {
      return longest;
    }
    Duration left = Duration.between(now, waiting.values().iterator().next().until());
    return left.compareTo(longest) < 0 ? left : longest;
  }

  private List<Ended> taken(Predicate<OfChannel> which) {
    List<Ended> taken = new ArrayList<>();
    Iterator<OfChannel> all = waiting.values().iterator();
    while (all.hasNext()) {
      OfChannel one = all.next();
      if (which.test(one)) {
        taken.addAll(one.calls());
        all.remove();
      }
    }
    return taken;
  }

  private static boolean concernsTheApp(Ended call) {
    return call.permit().shared() || (call.allowance() != null && call.allowance().ofApp());
  }
}
