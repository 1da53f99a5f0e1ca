package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.wire.ScopeChange;
import io.pulsegrid.node.limits.Permits.Grant;
import io.pulsegrid.node.limits.Permits.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Permits for many channels asked for together. The channels are asked in one round trip, which
 * takes along what is to be told of calls that ended; then the app of each platform, which costs a
 * round trip where it counts and none where it only may be held back. What an app refuses goes back
 * to the channels. For one use.
 */
final class GrantRound {
  private static final Logger log = LoggerFactory.getLogger(GrantRound.class);
  private static final Duration UNANSWERED = Duration.ofMillis(500);

  private final GridPermits permits;
  private final ScopeCache scopes;
  private final List<OfChannel> channels = new ArrayList<>();
  private final Instant now;

  /** What is asked of a channel, and what came of it. */
  private final class OfChannel {
    final Wanted wanted;
    final LimitScope scope;
    final List<WindowRule> rules;
    final long[] numbers;
    final ScopeChange.Grant question;
    boolean answered;
    int granted;
    Instant notBefore = Instant.MIN;

    OfChannel(Wanted wanted) {
      this.wanted = wanted;
      scope = new LimitScope.OfChannel(wanted.channelId());
      rules = permits.of(scope, wanted.platform());
      numbers = permits.numbers(wanted.count());
      question =
          new ScopeChange.Grant(
              GridPermits.PUBLISH, rules, numbers, earliestNow(), wanted.leaseEnd());
    }

    void answered(ScopeCache.Answer answer) {
      answered = true;
      granted = answer.granted();
      notBefore = answer.allowedAt();
      permits.seen(scope, wanted.platform(), answer);
    }

    Grant grant() {
      if (!answered) {
        return new Grant(List.of(), now.plus(UNANSWERED));
      }
      return permits.granted(
          wanted.channelId(), wanted.platform(), Arrays.copyOf(numbers, granted), now, notBefore);
    }
  }

  GrantRound(GridPermits permits, ScopeCache scopes, List<Wanted> wanted, Instant now) {
    this.permits = permits;
    this.scopes = scopes;
    this.now = now;
    wanted.forEach(one -> channels.add(new OfChannel(one)));
  }

  /** What time it is at the least, by any node's clock. */
  private Instant earliestNow() {
    return now.minus(GridPermits.CLOCK_MARGIN);
  }

  /**
   * Asks.
   *
   * @param ended changes that come first
   */
  List<Grant> grants(Map<LimitScope, ScopeChange> ended) {
    askChannels(ended);
    Map<String, List<OfChannel>> byPlatform = new LinkedHashMap<>();
    for (OfChannel channel : channels) {
      if (channel.answered) {
        byPlatform.computeIfAbsent(channel.wanted.platform(), _ -> new ArrayList<>()).add(channel);
      }
    }
    byPlatform.forEach(this::askApp);
    List<Grant> grants = new ArrayList<>(channels.size());
    for (OfChannel channel : channels) {
      grants.add(channel.grant());
    }
    return grants;
  }

  private void askChannels(Map<LimitScope, ScopeChange> ended) {
    Map<LimitScope, ScopeChange> together = new HashMap<>(ended);
    for (OfChannel channel : channels) {
      // After what is to be told of the channel first.
      together.merge(
          channel.scope,
          channel.question,
          (first, then) -> new ScopeChange.Several(List.of(first, then)));
    }
    Map<LimitScope, long[]> reached = scopes.changeAll(together);
    GridPermits.told(
        ended.size(), (int) ended.keySet().stream().filter(reached::containsKey).count());
    List<OfChannel> unready = new ArrayList<>();
    for (OfChannel channel : channels) {
      long[] said = reached.get(channel.scope);
      if (said != null && said.length > 0) {
        channel.answered(ScopeCache.Answer.of(said));
      } else if (said != null) {
        unready.add(channel);
      }
    }
    if (!unready.isEmpty()) {
      makeReady(unready);
    }
  }

  /** Those that could not say anything yet are begun or covered, and say it then. */
  private void makeReady(List<OfChannel> unready) {
    Map<LimitScope, Openings.Question> questions = new HashMap<>();
    unready.forEach(
        one -> questions.put(one.scope, new Openings.Question(one.rules, one.question)));
    try {
      Map<LimitScope, ScopeCache.Answer> answers = permits.openings(earliestNow()).ask(questions);
      for (OfChannel channel : unready) {
        // Lost once more while it was made ready: the next try tells.
        ScopeCache.Answer answer = answers.get(channel.scope);
        if (answer != null) {
          channel.answered(answer);
        }
      }
    } catch (PulsegridException e) {
      log.warn("No leave for {} channels just now: {}", unready.size(), e.toString());
    }
  }

  /** The channels stand in line in their order: what the app grants goes to the first of them. */
  private void askApp(String platform, List<OfChannel> line) {
    Instant leaseEnd = now;
    int all = 0;
    for (OfChannel channel : line) {
      leaseEnd = GridPermits.later(leaseEnd, channel.wanted.leaseEnd());
      all += channel.granted;
    }
    if (all == 0) {
      return;
    }
    long[] numbers = new long[all];
    int filled = 0;
    for (OfChannel channel : line) {
      System.arraycopy(channel.numbers, 0, numbers, filled, channel.granted);
      filled += channel.granted;
    }
    int left = 0;
    Instant notBefore = now.plus(UNANSWERED);
    try {
      ScopeCache.Answer answer =
          permits.grantOfApp(
              platform, permits.ofApp(platform), new Asked(numbers, earliestNow(), leaseEnd));
      left = answer.granted();
      notBefore = answer.allowedAt();
    } catch (PulsegridException e) {
      log.warn("No leave for platform {} just now: {}", platform, e.toString());
    }
    Map<LimitScope, ScopeChange> refused = new HashMap<>();
    for (OfChannel channel : line) {
      int kept = Math.min(left, channel.granted);
      left -= kept;
      if (kept < channel.granted) {
        long[] back = Arrays.copyOfRange(channel.numbers, kept, channel.granted);
        refused.put(channel.scope, new ScopeChange.Release(GridPermits.PUBLISH, back));
      }
      channel.granted = kept;
      channel.notBefore = GridPermits.later(channel.notBefore, notBefore);
    }
    if (!refused.isEmpty()) {
      // A crash before this leaves them counted until their leases end.
      permits.tellAll(refused);
    }
  }
}
