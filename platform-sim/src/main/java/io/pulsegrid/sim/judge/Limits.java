package io.pulsegrid.sim.judge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The platforms' limits as a strict judge counts them: in every window, however it lies. A refused
 * call takes no place in a window. New rules apply at once to what was counted before. Safe for use
 * by many threads.
 */
public final class Limits {
  /** What is limited. */
  public record Action(String platform, String name) {}

  private record Scope(Action action, String account) {}

  private static final Duration LEAST_MEMORY = Duration.ofHours(3);

  private final Map<Action, List<LimitRule>> rules = new ConcurrentHashMap<>();
  private final Map<Scope, Stamps> taken = new ConcurrentHashMap<>();
  private final Violations violations;

  public Limits(Map<Action, List<LimitRule>> defaults, Violations violations) {
    rules.putAll(defaults);
    this.violations = violations;
  }

  /** Every action that can be limited, and its rules. */
  public Map<Action, List<LimitRule>> rules() {
    return Map.copyOf(rules);
  }

  public Set<Action> actions() {
    return rules.keySet();
  }

  /** Replaces the rules of some actions. */
  public void replace(Map<Action, List<LimitRule>> changed) {
    rules.putAll(changed);
  }

  /** Takes a place in every window of an action, or in none: then a violation is noted. */
  public Standing take(Action action, String account, Instant now) {
    return standing(action, account, now, true);
  }

  /** Where an account stands; takes nothing. */
  public Standing look(Action action, String account, Instant now) {
    return standing(action, account, now, false);
  }

  private Standing standing(Action action, String account, Instant now, boolean take) {
    List<LimitRule> applying = rules.getOrDefault(action, List.of());
    Stamps stamps = taken.computeIfAbsent(new Scope(action, account), _ -> new Stamps());
    synchronized (stamps) {
      LimitRule full = take ? firstFull(applying, stamps, now) : null;
      if (full != null) {
        long count = stamps.countAfter(now.minus(full.window()).toEpochMilli()) + 1L;
        violations.add(
            new Violations.Entry(action.platform(), action.name(), account, full, count, now));
      } else if (take) {
        stamps.add(now.toEpochMilli());
        stamps.dropUpTo(now.minus(memory(applying)).toEpochMilli());
      }
      return tightest(applying, stamps, now, full == null);
    }
  }

  private static @Nullable LimitRule firstFull(List<LimitRule> rules, Stamps stamps, Instant now) {
    for (LimitRule rule : rules) {
      if (stamps.countAfter(now.minus(rule.window()).toEpochMilli()) >= rule.limit()) {
        return rule;
      }
    }
    return null;
  }

  private static Duration memory(List<LimitRule> rules) {
    return rules.stream()
        .map(LimitRule::window)
        .reduce(LEAST_MEMORY, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  private static Standing tightest(
      List<LimitRule> rules, Stamps stamps, Instant now, boolean granted) {
    Standing tightest =
        new Standing(granted, Integer.MAX_VALUE, Integer.MAX_VALUE, now, Duration.ZERO);
    for (LimitRule rule : rules) {
      int count = stamps.countAfter(now.minus(rule.window()).toEpochMilli());
      long remaining = Math.max(0, rule.limit() - count);
      Instant reset = reset(rule, count, stamps, now);
      boolean later = remaining == tightest.remaining() && reset.isAfter(tightest.reset());
      if (remaining < tightest.remaining() || later) {
        tightest = new Standing(granted, rule.limit(), remaining, reset, rule.window());
      }
    }
    return tightest;
  }

  /** When one more would fit: as the one leaves that fills the window, else as the oldest does. */
  private static Instant reset(LimitRule rule, int count, Stamps stamps, Instant now) {
    if (count == 0 || rule.limit() == 0) {
      return now.plus(rule.window());
    }
    return Instant.ofEpochMilli(stamps.newest(Math.min(rule.limit(), count))).plus(rule.window());
  }
}
