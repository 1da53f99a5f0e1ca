package io.pulsegrid.connectors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The recordings and data beside the project; a test that needs an absent one is skipped. */
public final class Shared {
  private Shared() {}

  public static Path file(String name) {
    Path file = Path.of("../../shared", name);
    assumeTrue(Files.exists(file), "shared/" + name + " absent");
    return file;
  }

  public static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }
}
