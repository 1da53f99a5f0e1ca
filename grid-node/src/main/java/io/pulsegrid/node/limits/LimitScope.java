package io.pulsegrid.node.limits;

import java.util.Optional;

/** What a limit holds back: one channel, or the app that all channels of a platform share. */
public sealed interface LimitScope {
  /** The scope's name, as the API and the grid have it. */
  String name();

  /** One account. */
  record OfChannel(String id) implements LimitScope {
    @Override
    public String name() {
      return Permits.scopeOf(id);
    }
  }

  /** Every channel of a platform. */
  record OfApp(String platform) implements LimitScope {
    @Override
    public String name() {
      return Permits.appScopeOf(platform);
    }
  }

  /** The scope of a name; empty for what is none. */
  static Optional<LimitScope> of(String name) {
    int colon = name.indexOf(':');
    String rest = name.substring(colon + 1);
    if (colon < 0 || rest.isEmpty()) {
      return Optional.empty();
    }
    return switch (name.substring(0, colon)) {
      case "channel" -> Optional.of(new OfChannel(rest));
      case "app" -> Optional.of(new OfApp(rest));
      default -> Optional.empty();
    };
  }
}
