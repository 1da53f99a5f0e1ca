package io.pulsegrid.node.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where programs and the control script reach a node ({@code pulsegrid.client.*}).
 *
 * @param host the address that it listens on
 * @param port the port
 */
@ConfigurationProperties("pulsegrid.client")
public record ClientSettings(
    @DefaultValue("127.0.0.1") String host, @DefaultValue("10800") int port) {
  public ClientSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be blank");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535, was " + port);
    }
  }
}
