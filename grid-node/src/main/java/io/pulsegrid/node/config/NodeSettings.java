package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which of the nodes on this machine this one is.
 *
 * @param index 0 for the first; names its log file, its index directory and its grid ports
 */
@ConfigurationProperties("pulsegrid.node")
public record NodeSettings(@DefaultValue("0") int index) {
  public NodeSettings {
    if (index < 0 || index > 99) {
      throw new IllegalArgumentException("index must be between 0 and 99, was " + index);
    }
  }
}
