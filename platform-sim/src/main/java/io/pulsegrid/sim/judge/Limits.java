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
 * call takes no place in a window. New rules apply at once to what was counted before; calls of all
 * accounts together are counted while a shared rule stands. Safe for use by many threads.
 */
public final class Limits {
  /** What is limited. */
  public record Action(String platform, String name) {}

  /** Whom a violation of a shared rule is noted of: the app that all accounts came with. */
  public static final String APP = "(app)";

  private record Scope(Action action, String account) {}

  /** Rules, and what is counted against them. */
  private record Counted(String account, List<LimitRule> rules, Stamps stamps) {}

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
    Counted own = counted(action, account, false);
    Counted all = counted(action, APP, true);
    // Always in this order: no two wait for each other.
    synchronized (own.stamps()) {
      synchronized (all.stamps()) {
        boolean full = take && (refuses(own, action, now) || refuses(all, action, now));
        if (take && !full) {
          add(own, now);
          if (!all.rules().isEmpty()) {
            add(all, now);
          }
        }
        return tighter(tightest(own, now, !full), tightest(all, now, !full));
      }
    }
  }

  private Counted counted(Action action, String account, boolean shared) {
    List<LimitRule> applying =
        rules.getOrDefault(action, List.of()).stream()
            .filter(rule -> rule.shared() == shared)
            .toList();
    return new Counted(
        account, applying, taken.computeIfAbsent(new Scope(action, account), _ -> new Stamps()));
  }

  private boolean refuses(Counted counted, Action action, Instant now) {
    LimitRule full = firstFull(counted.rules(), counted.stamps(), now);
    if (full == null) {
      return false;
    }
    long count = counted.stamps().countAfter(now.minus(full.window()).toEpochMilli()) + 1L;
    violations.add(
        new Violations.Entry(
            action.platform(), action.name(), counted.account(), full, count, now));
    return true;
  }

  private static void add(Counted counted, Instant now) {
    counted.stamps().add(now.toEpochMilli());
    counted.stamps().dropUpTo(now.minus(memory(counted.rules())).toEpochMilli());
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

  private static Standing tightest(Counted counted, Instant now, boolean granted) {
    Stamps stamps = counted.stamps();
    Standing tightest =
        new Standing(granted, Integer.MAX_VALUE, Integer.MAX_VALUE, now, Duration.ZERO);
    for (LimitRule rule : counted.rules()) {
      int count = stamps.countAfter(now.minus(rule.window()).toEpochMilli());
      long remaining = Math.max(0, rule.limit() - count);
      Instant reset = reset(rule, count, stamps, now);
      tightest =
          tighter(tightest, new Standing(granted, rule.limit(), remaining, reset, rule.window()));
    }
    return tightest;
  }

  private static Standing tighter(Standing one, Standing other) {
    boolean later = other.remaining() == one.remaining() && other.reset().isAfter(one.reset());
    return other.remaining() < one.remaining() || later ? other : one;
  }

  /** When one more would fit: as the one leaves that fills the window, else as the oldest does. */
  private static Instant reset(LimitRule rule, int count, Stamps stamps, Instant now) {
    if (count == 0 || rule.limit() == 0) {
      return now.plus(rule.window());
    }
    return Instant.ofEpochMilli(stamps.newest(Math.min(rule.limit(), count))).plus(rule.window());
  }
}
