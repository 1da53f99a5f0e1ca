package io.pulsegrid.chaos.crooked.api;

import io.pulsegrid.chaos.crooked.node.config.Webbed;

/** A front that reaches past the ports. */
public interface Shortcut {
  Webbed node();
}
