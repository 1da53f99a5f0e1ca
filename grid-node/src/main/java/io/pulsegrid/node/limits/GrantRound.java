package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.PulsegridException;
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
 * Permits for many channels asked for together: the channels in one round trip, then the app of
 * each platform in one. What the app refuses goes back to the channels. For one use.
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

  List<Grant> grants() {
    askChannels();
    Map<String, List<Wanted>> byPlatform = new LinkedHashMap<>();
    standing
        .keySet()
        .forEach(
            one -> byPlatform.computeIfAbsent(one.platform(), _ -> new ArrayList<>()).add(one));
    byPlatform.forEach(this::askApp);
    return wanted.stream().map(this::grant).toList();
  }

  private void askChannels() {
    Map<LimitScope, ScopeChange.Grant> questions = new HashMap<>();
    Map<Wanted, Asked> asked = new LinkedHashMap<>();
    for (Wanted one : wanted) {
      Asked numbers = permits.asked(one.count(), now, one.leaseEnd());
      asked.put(one, numbers);
      LimitScope channel = new LimitScope.OfChannel(one.channelId());
      questions.put(
          channel,
          new ScopeChange.Grant(
              GridPermits.PUBLISH,
              permits.of(channel, one.platform()),
              numbers.permits(),
              numbers.now(),
              numbers.leaseEnd()));
    }
    Map<LimitScope, ScopeCache.Answer> answers = scopes.grantAll(questions);
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
    Map<LimitScope, List<ScopeChange>> refused = new HashMap<>();
    for (Wanted one : channels) {
      Standing before = standing(one);
      int kept = Math.min(left, before.count());
      left -= kept;
      if (kept < before.count()) {
        long[] back = Arrays.copyOfRange(before.numbers(), kept, before.count());
        refused.put(
            new LimitScope.OfChannel(one.channelId()),
            List.of(new ScopeChange.Release(GridPermits.PUBLISH, back)));
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
    // Not begun yet, or not whole, or not reached: by itself it is begun, or tells what is wrong.
    try {
      return permits.grant(one.channelId(), one.platform(), one.count(), now, one.leaseEnd());
    } catch (PulsegridException e) {
      log.warn("No leave for channel {} just now: {}", one.channelId(), e.toString());
      return new Grant(List.of(), now.plus(UNANSWERED));
    }
  }
}
