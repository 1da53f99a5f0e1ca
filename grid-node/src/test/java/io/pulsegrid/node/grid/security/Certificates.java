package io.pulsegrid.node.grid.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Certificates made with the JDK's keytool. */
public final class Certificates {
  public static final String PASSWORD = "changeit";

  private Certificates() {}

  /** A key with a certificate of its own; as a trust store it takes that certificate. */
  static Path make(Path directory, String name) throws IOException, InterruptedException {
    return make(directory, name, 90);
  }

  /** The same, good for so many days. */
  public static Path make(Path directory, String name, int days)
      throws IOException, InterruptedException {
    Path file = directory.resolve(name + ".p12");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                String.valueOf(days),
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
    return file;
  }
}
