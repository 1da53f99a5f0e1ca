package io.pulsegrid.node.config;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a node keeps and finds its files.
 *
 * @param data everything the node keeps
 * @param config where {@code platforms.yml} and {@code sources.yml} stand; the packaged ones serve
 *     where a file is absent
 */
@ConfigurationProperties("pulsegrid")
public record DirectorySettings(
    @DefaultValue("data") Path data, @DefaultValue("config") Path config) {
  public DirectorySettings {
    if (data.toString().isBlank()) {
      throw new IllegalArgumentException("data must name a directory, was empty");
    }
    if (config.toString().isBlank()) {
      throw new IllegalArgumentException("config must name a directory, was empty");
    }
  }
}
