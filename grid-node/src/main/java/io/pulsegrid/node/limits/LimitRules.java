package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.config.PlatformSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The windows that hold for a scope: those of its platform's settings, and in their place or beside
 * them those that people set. Safe for use by many threads; answers from memory, which {@link
 * #look} keeps up with the store.
 */
public final class LimitRules {
  private final Supplier<PlatformSettings> settings;
  private final CustomRules custom;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Known known = new Known(0, Map.of());

  /** What people set, by scope and action, as it stood at a version of the store's. */
  private record Known(long version, Map<String, Map<String, List<WindowRule>>> rules) {}

  /** What people set, as the store keeps it. */
  public interface CustomRules {
    /** Rises with every change of anything that people say of limits. */
    long version();

    /** Notes such a change. */
    void changed();

    /** By scope and action. */
    Map<String, Map<String, List<WindowRule>>> all();

    void set(String scope, String action, WindowRule rule);

    /** Of a scope, those of an action, or of every action where none is named; so with windows. */
    void remove(String scope, @Nullable String action, @Nullable Duration window);
  }

  /**
   * Rules that may change from one question to the next.
   *
   * @param settings those in force
   */
  public LimitRules(Supplier<PlatformSettings> settings, CustomRules custom) {
    this.settings = settings;
    this.custom = custom;
  }

  /** Runs {@code listener} after people changed something, here or on another node. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Looks for what people changed.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE}: what was known stays
   */
  public void look() {
    long version = custom.version();
    if (version != known.version()) {
      // Read after the version: what comes in between is read again at the next look.
      known = new Known(version, custom.all());
      listeners.forEach(Runnable::run);
    }
  }

  /** Keeps a window that a person set. */
  void set(LimitScope scope, String action, WindowRule rule) {
    custom.set(scope.name(), action, rule);
    look();
  }

  /** Takes back what a person set. */
  void remove(LimitScope scope, @Nullable String action, @Nullable Duration window) {
    custom.remove(scope.name(), action, window);
    look();
  }

  /** Whoever waits for a limit asks again, on every node. */
  void changed() {
    custom.changed();
    look();
  }

  /** How many windows people set for a scope. */
  int customOf(LimitScope scope) {
    return ofPeople(scope).values().stream().mapToInt(List::size).sum();
  }

  /** Whether a person set a scope's window of that length. */
  boolean isCustom(LimitScope scope, String action, Duration window) {
    return ofPeople(scope).getOrDefault(action, List.of()).stream()
        .anyMatch(rule -> rule.window().equals(window));
  }

  /** The windows of a scope, by action, in the actions' order; none for an unknown platform. */
  Map<String, List<WindowRule>> of(LimitScope scope, String platform) {
    TreeMap<String, List<WindowRule>> all = new TreeMap<>(configured(scope, platform));
    ofPeople(scope)
        .forEach((action, rules) -> all.merge(action, rules, LimitRules::inPlaceOrBeside));
    return all;
  }

  /** The windows of one action. */
  List<WindowRule> of(LimitScope scope, String platform, String action) {
    List<WindowRule> configured = configured(scope, platform).getOrDefault(action, List.of());
    List<WindowRule> ofPeople = ofPeople(scope).getOrDefault(action, List.of());
    return ofPeople.isEmpty() ? configured : inPlaceOrBeside(configured, ofPeople);
  }

  private Map<String, List<WindowRule>> ofPeople(LimitScope scope) {
    Map<String, Map<String, List<WindowRule>>> rules = known.rules();
    return rules.isEmpty() ? Map.of() : rules.getOrDefault(scope.name(), Map.of());
  }

  private Map<String, List<WindowRule>> configured(LimitScope scope, String platform) {
    PlatformSettings.Platform found = settings.get().platforms().get(platform);
    if (found == null) {
      return Map.of();
    }
    return switch (scope) {
      case LimitScope.OfChannel _ -> found.limits();
      case LimitScope.OfApp _ -> found.appLimits();
    };
  }

  private static List<WindowRule> inPlaceOrBeside(
      List<WindowRule> configured, List<WindowRule> ofPeople) {
    List<WindowRule> all = new ArrayList<>();
    for (WindowRule rule : configured) {
      if (ofPeople.stream().noneMatch(own -> own.window().equals(rule.window()))) {
        all.add(rule);
      }
    }
    all.addAll(ofPeople);
    return List.copyOf(all);
  }
}
