package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the nodes are told: the product's own settings, with times short enough that arms, leases
 * and probes all come round within one fault, and a second, narrow window beside the platform's
 * real one, so that limits are met all the time.
 */
public final class Settings {
  /** Of one account in {@link #NARROW_SECONDS}. */
  public static final int NARROW_LIMIT = 10;

  public static final int NARROW_SECONDS = 30;

  private Settings() {}

  /** Writes them below a directory; returns the file for {@code --config}. */
  static Path write(Path directory, Allowed allowed) throws IOException {
    Path config = Files.createDirectories(directory.resolve("config"));
    Files.writeString(config.resolve("platforms.yml"), allowed.forNodes());
    return Files.writeString(
        directory.resolve("chaos.yml"),
        """
        pulsegrid:
          config: %s
          grid:
            region-mb: 256
          publishing:
            lease-slack: PT5S
            probe-first: PT2S
            retry-first: PT1S
        """
            .formatted(config));
  }
}
