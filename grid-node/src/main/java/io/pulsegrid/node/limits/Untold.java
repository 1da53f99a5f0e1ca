package io.pulsegrid.node.limits;

import io.pulsegrid.node.limits.Permits.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that ended and of which the limits have not heard yet. Each waits for the next question on
 * its channel, where telling it costs nothing more, but not for long. Until then its permit counts
 * as one in use, which is never too few; should the node die, until its lease ends. What concerns
 * the whole app does not wait: other nodes ask there too. Not safe for use by several threads.
 */
public final class Untold {
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** In the order in which the first of each channel came. */
  private final Map<String, OfChannel> waiting = new LinkedHashMap<>();

  /** The channels with a call that must not wait. */
  private final Set<String> pressing = new LinkedHashSet<>();

  /** Those of one channel, in the order they ended. */
  private record OfChannel(Instant until, List<Ended> calls) {}

  /** Takes in calls that ended by now. */
  public void add(Collection<Ended> calls, Instant now) {
    for (Ended call : calls) {
      String channel = call.permit().channelId();
      waiting
          .computeIfAbsent(channel, _ -> new OfChannel(now.plus(LONGEST), new ArrayList<>()))
          .calls()
          .add(call);
      if (concernsTheApp(call)) {
        pressing.add(channel);
      }
    }
  }

  /** What is to be told together with questions on these channels, by channel as they ended. */
  public List<Ended> take(Collection<String> channels, Instant now) {
    List<Ended> told = new ArrayList<>();
    channels.forEach(channel -> move(channel, told));
    List.copyOf(pressing).forEach(channel -> move(channel, told));
    while (!waiting.isEmpty()) {
      Map.Entry<String, OfChannel> first = waiting.entrySet().iterator().next();
      if (first.getValue().until().isAfter(now)) {
        break;
      }
      move(first.getKey(), told);
    }
    return told;
  }

  /** Everything. */
  public List<Ended> takeAll() {
    List<Ended> told = new ArrayList<>();
    List.copyOf(waiting.keySet()).forEach(channel -> move(channel, told));
    return told;
  }

  /** How long until something has waited long enough, at most {@code longest}. */
  public Duration untilNext(Instant now, Duration longest) {
    if (waiting.isEmpty()) {
      return longest;
    }
    Duration left = Duration.between(now, waiting.values().iterator().next().until());
    return left.compareTo(longest) < 0 ? left : longest;
  }

  private void move(String channel, List<Ended> told) {
    pressing.remove(channel);
    OfChannel found = waiting.remove(channel);
    if (found != null) {
      told.addAll(found.calls());
    }
  }

  private static boolean concernsTheApp(Ended call) {
    return call.permit().shared() || (call.allowance() != null && call.allowance().ofApp());
  }
}
