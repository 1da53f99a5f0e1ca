package io.pulsegrid.chaos.crooked.node.config;

import io.pulsegrid.chaos.crooked.bench.Measure;
import org.springframework.context.ApplicationContext;

/** Settings that hold the whole application, and a node that knows its bench. */
public interface Webbed {
  ApplicationContext application();

  Measure bench();
}
