package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which of the nodes on this machine this one is.
 *
 * @param index 0 for the first; names its log file and its own directory below {@code data}
 * @param stopWithInput whether the node stops when its standard input ends, as it does when the
 *     launcher that started it is gone
 */
@ConfigurationProperties("pulsegrid.node")
public record NodeSettings(
    @DefaultValue("0") int index, @DefaultValue("false") boolean stopWithInput) {
  public NodeSettings {
    if (index < 0 || index > 99) {
      throw new IllegalArgumentException("index must be between 0 and 99, was " + index);
    }
  }
}
