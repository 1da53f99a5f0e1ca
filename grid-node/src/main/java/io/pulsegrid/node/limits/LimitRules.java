package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.config.PlatformSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The windows that hold for a platform's accounts and its app, as they are configured now. */
public final class LimitRules {
  private final Supplier<PlatformSettings> settings;

  /**
   * Rules that may change from one question to the next.
   *
   * @param settings those in force
   */
  public LimitRules(Supplier<PlatformSettings> settings) {
    this.settings = settings;
  }

  /** The windows of one account, by action, in the actions' order; none for an unknown platform. */
  Map<String, List<WindowRule>> ofAccount(String platform) {
    PlatformSettings.Platform found = settings.get().platforms().get(platform);
    return found == null ? Map.of() : new TreeMap<>(found.limits());
  }

  /** The windows that all accounts share. */
  Map<String, List<WindowRule>> ofApp(String platform) {
    PlatformSettings.Platform found = settings.get().platforms().get(platform);
    return found == null ? Map.of() : new TreeMap<>(found.appLimits());
  }
}
