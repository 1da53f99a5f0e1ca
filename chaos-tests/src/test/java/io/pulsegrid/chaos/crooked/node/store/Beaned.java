package io.pulsegrid.chaos.crooked.node.store;

import org.springframework.context.ApplicationContext;

/** A store that looks things up in the application. */
public interface Beaned {
  ApplicationContext application();
}
