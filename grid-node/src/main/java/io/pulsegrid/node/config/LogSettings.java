package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How the node's log lines look, on the terminal and in {@code <data>/logs}. */
@ConfigurationProperties("pulsegrid.log")
public record LogSettings(@DefaultValue("plain") Format format) {
  /** The two forms. */
  public enum Format {
    /** For people. */
    PLAIN,
    /** One ECS object a line, for machines. */
    JSON
  }
}
