package io.pulsegrid.chaos.node;

import java.nio.file.Files;
import java.nio.file.Path;

/** The project's root, where {@code config/jvm.options} stands. */
public final class Home {
  private Home() {}

  /** As {@code pulsegrid.home} says, else the first above the working directory. */
  public static Path path() {
    String told = System.getProperty("pulsegrid.home");
    if (told != null) {
      return Path.of(told).toAbsolutePath().normalize();
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("config/jvm.options"))) {
        return at;
      }
    }
    throw new IllegalStateException("config/jvm.options is nowhere above this directory");
  }
}
