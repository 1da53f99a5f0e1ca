package io.pulsegrid.node.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When the first delivery of each channel of this node is due, and which channels are held back: so
 * that a look for work touches only channels that have some, those served longest ago first. A
 * hint; forgetting a channel costs the time until the next sweep.
 */
final class ChannelHeads {
  private static final Duration FIRST_REFUSAL = Duration.ofMillis(100);
  private static final Comparator<Head> LEAST_RECENTLY_SERVED =
      Comparator.comparingLong((Head head) -> head.served).thenComparing(head -> head.dueAt);

  /** One channel's head. */
  private static final class Head {
    final String channel;
    final String platform;
    Instant dueAt;
    Instant notBefore = Instant.MIN;
    long served;
    long noted;
    int refusals;

    Head(String channel, String platform, Instant dueAt) {
      this.channel = channel;
      this.platform = platform;
      this.dueAt = dueAt;
    }

    Instant readyAt() {
      return dueAt.isAfter(notBefore) ? dueAt : notBefore;
    }
  }

  /**
   * A channel that is ready.
   *
   * @param noted how often something was noted on it; tells whether something came in since
   */
  record Ready(String channel, String platform, long noted) {}

  @GuardedBy("this")
  private final Map<String, Head> heads = new HashMap<>();

  @GuardedBy("this")
  private long services;

  /** Something on this channel is due then. */
  synchronized void note(String channel, String platform, Instant dueAt) {
    Head head = heads.computeIfAbsent(channel, _ -> new Head(channel, platform, dueAt));
    head.noted++;
    if (dueAt.isBefore(head.dueAt)) {
      head.dueAt = dueAt;
    }
  }

  /** Nothing of this channel goes out before. */
  synchronized void hold(String channel, Instant notBefore) {
    Head head = heads.get(channel);
    if (head != null) {
      head.notBefore = notBefore;
    }
  }

  /**
   * What was held back until calls under way would be over at the latest: one of them just ended.
   */
  synchronized void askAgain(String channel) {
    Head head = heads.get(channel);
    if (head != null && head.refusals == 0) {
      head.notBefore = Instant.MIN;
    }
  }

  /**
   * Postgres armed nothing of what the grid thought due: the channel waits a little, and longer
   * each time, for it is most likely paused.
   */
  synchronized void refused(String channel, Instant now) {
    Head head = heads.get(channel);
    if (head != null) {
      head.notBefore = now.plus(FIRST_REFUSAL.multipliedBy(1L << Math.min(head.refusals, 5)));
      head.refusals++;
    }
  }

  /** Something of the channel was armed: it is well. */
  synchronized void armed(String channel) {
    Head head = heads.get(channel);
    if (head != null) {
      head.refusals = 0;
    }
  }

  /** Holds back nothing any more. */
  synchronized void releaseAll() {
    for (Head head : heads.values()) {
      head.notBefore = Instant.MIN;
      head.refusals = 0;
    }
  }

  /** The channels with something due that nothing holds back. */
  synchronized List<Ready> ready(Instant now) {
    List<Head> ready = new ArrayList<>();
    for (Head head : heads.values()) {
      if (!head.readyAt().isAfter(now)) {
        ready.add(head);
      }
    }
    ready.sort(LEAST_RECENTLY_SERVED);
    return ready.stream().map(head -> new Ready(head.channel, head.platform, head.noted)).toList();
  }

  /**
   * A channel was served.
   *
   * @param nextDue when its next is due, as far as the server saw; empty forgets the channel,
   *     unless something was noted since it was ready
   */
  synchronized void served(Ready ready, Optional<Instant> nextDue) {
    Head head = heads.get(ready.channel());
    if (head == null) {
      return;
    }
    head.served = ++services;
    if (head.noted != ready.noted()) {
      return;
    }
    if (nextDue.isPresent()) {
      head.dueAt = nextDue.get();
    } else {
      heads.remove(ready.channel());
    }
  }

  /**
   * How long until a channel becomes ready that is not yet, at most {@code longest}. One that is
   * ready and was not served waits for a slot, whose return is told.
   */
  synchronized Duration untilNext(Instant now, Duration longest) {
    Instant next = now.plus(longest);
    for (Head head : heads.values()) {
      Instant ready = head.readyAt();
      if (ready.isAfter(now) && ready.isBefore(next)) {
        next = ready;
      }
    }
    return Duration.between(now, next);
  }
}
