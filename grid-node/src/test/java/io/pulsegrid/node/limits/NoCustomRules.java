package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.WindowRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in which nobody set a limit. */
final class NoCustomRules implements LimitRules.CustomRules {
  @Override
  public long version() {
    return 0;
  }

  @Override
  public void changed() {
    throw new IllegalStateException("nothing is changed here");
  }

  @Override
  public Map<String, Map<String, List<WindowRule>>> all() {
    return Map.of();
  }

  @Override
  public void set(String scope, String action, WindowRule rule) {
    throw new IllegalStateException("nothing is set here");
  }

  @Override
  public void remove(String scope, @Nullable String action, @Nullable Duration window) {
    throw new IllegalStateException("nothing is removed here");
  }
}
