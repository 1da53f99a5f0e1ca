package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A certificate for the grid's own ports, which trusts itself: nodes may show each other one. */
public record Certificate(Path file) {
  /** Of every file of certificates here. */
  public static final String PASSWORD = "changeit";

  /** The one of a directory, made by the JDK's keytool where there is none. */
  public static Certificate in(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("node.p12");
    if (!Files.exists(file)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "node",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=node",
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
    }
    return new Certificate(file.toAbsolutePath());
  }

  /** As a node reads it from its environment. */
  public Map<String, String> environment() {
    return Map.of(
        "PULSEGRID_TLS_KEYSTORE",
        file.toString(),
        "PULSEGRID_TLS_KEYSTOREPASSWORD",
        PASSWORD,
        "PULSEGRID_TLS_TRUSTSTORE",
        file.toString(),
        "PULSEGRID_TLS_TRUSTSTOREPASSWORD",
        PASSWORD);
  }
}
