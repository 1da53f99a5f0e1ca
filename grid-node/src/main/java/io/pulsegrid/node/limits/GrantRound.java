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
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
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
  private final List<Wanted> wanted;
  private final Instant now;

  /** What the channels granted, before their apps are asked. */
  private final Map<Wanted, Standing> standing = new LinkedHashMap<>();

  /** The numbers that stand, as a part of those asked for: the first of them. */
  private record Standing(Asked asked, int count, Instant notBefore) {
    long[] numbers() {
      return asked.first(count);
    }
  }

  GrantRound(GridPermits permits, ScopeCache scopes, List<Wanted> wanted, Instant now) {
    this.permits = permits;
    this.scopes = scopes;
    this.wanted = List.copyOf(wanted);
    this.now = now;
  }

  /**
   * Asks.
   *
   * @param ended changes that come first
   */
  List<Grant> grants(Map<LimitScope, ScopeChange> ended) {
    askChannels(ended);
    Map<String, List<Wanted>> byPlatform = new LinkedHashMap<>();
    standing
        .keySet()
        .forEach(
            one -> byPlatform.computeIfAbsent(one.platform(), _ -> new ArrayList<>()).add(one));
    byPlatform.forEach(this::askApp);
    return wanted.stream().map(this::grant).toList();
  }

  private void askChannels(Map<LimitScope, ScopeChange> ended) {
    Map<LimitScope, ScopeChange> together = new HashMap<>(ended);
    Map<LimitScope, Openings.Question> questions = new HashMap<>();
    Map<Wanted, Asked> asked = new LinkedHashMap<>();
    for (Wanted one : wanted) {
      Asked numbers = permits.asked(one.count(), now, one.leaseEnd());
      LimitScope channel = new LimitScope.OfChannel(one.channelId());
      List<WindowRule> rules = permits.of(channel, one.platform());
      ScopeChange.Grant grant =
          new ScopeChange.Grant(
              GridPermits.PUBLISH, rules, numbers.permits(), numbers.now(), numbers.leaseEnd());
      asked.put(one, numbers);
      questions.put(channel, new Openings.Question(rules, grant));
      // After what is to be told of the channel first.
      together.merge(
          channel, grant, (first, then) -> new ScopeChange.Several(List.of(first, then)));
    }
    Map<LimitScope, long[]> reached = scopes.changeAll(together);
    GridPermits.told(
        ended.size(), (int) ended.keySet().stream().filter(reached::containsKey).count());
    Map<LimitScope, ScopeCache.Answer> answers = answers(questions, reached);
    asked.forEach(
        (one, numbers) -> {
          LimitScope channel = new LimitScope.OfChannel(one.channelId());
          ScopeCache.Answer answer = answers.get(channel);
          if (answer != null) {
            permits.seen(channel, one.platform(), answer);
            standing.put(one, new Standing(numbers, answer.granted(), answer.allowedAt()));
          }
        });
  }

  /** What the channels said; those that could not say anything yet are made ready and say it. */
  private Map<LimitScope, ScopeCache.Answer> answers(
      Map<LimitScope, Openings.Question> questions, Map<LimitScope, long[]> reached) {
    Map<LimitScope, ScopeCache.Answer> answers = new HashMap<>();
    Map<LimitScope, Openings.Question> unready = new HashMap<>();
    questions.forEach(
        (channel, question) -> {
          long[] said = reached.get(channel);
          if (said != null && said.length > 0) {
            answers.put(channel, ScopeCache.Answer.of(said));
          } else if (said != null) {
            unready.put(channel, question);
          }
        });
    if (!unready.isEmpty()) {
      try {
        answers.putAll(permits.openings(now.minus(GridPermits.CLOCK_MARGIN)).ask(unready));
      } catch (PulsegridException e) {
        log.warn("No leave for {} channels just now: {}", unready.size(), e.toString());
      }
    }
    return answers;
  }

  /** The channels stand in line in their order: what the app grants goes to the first of them. */
  private void askApp(String platform, List<Wanted> channels) {
    long[] all =
        channels.stream().flatMapToLong(one -> LongStream.of(standing(one).numbers())).toArray();
    if (all.length == 0) {
      return;
    }
    Instant leaseEnd = channels.stream().map(Wanted::leaseEnd).reduce(now, GridPermits::later);
    int left = 0;
    Instant notBefore = now.plus(UNANSWERED);
    try {
      ScopeCache.Answer answer =
          permits.grantOfApp(
              platform,
              permits.ofApp(platform),
              new Asked(all, now.minus(GridPermits.CLOCK_MARGIN), leaseEnd));
      left = answer.granted();
      notBefore = answer.allowedAt();
    } catch (PulsegridException e) {
      log.warn("No leave for platform {} just now: {}", platform, e.toString());
    }
    Map<LimitScope, ScopeChange> refused = new HashMap<>();
    for (Wanted one : channels) {
      Standing before = standing(one);
      int kept = Math.min(left, before.count());
      left -= kept;
      if (kept < before.count()) {
        long[] back = Arrays.copyOfRange(before.numbers(), kept, before.count());
        refused.put(
            new LimitScope.OfChannel(one.channelId()),
            new ScopeChange.Release(GridPermits.PUBLISH, back));
      }
      standing.put(
          one,
          new Standing(before.asked(), kept, GridPermits.later(before.notBefore(), notBefore)));
    }
    if (!refused.isEmpty()) {
      // A crash before this leaves them counted until their leases end.
      permits.tellAll(refused);
    }
  }

  private Standing standing(Wanted one) {
    Standing found = standing.get(one);
    if (found == null) {
      throw new IllegalStateException("channel " + one.channelId() + " was not answered for");
    }
    return found;
  }

  private Grant grant(Wanted one) {
    @Nullable Standing granted = standing.get(one);
    if (granted != null) {
      return permits.granted(
          one.channelId(), one.platform(), granted.numbers(), now, granted.notBefore());
    }
    // Not reached, or lost once more while it was made ready: the next try tells.
    return new Grant(List.of(), now.plus(UNANSWERED));
  }
}
