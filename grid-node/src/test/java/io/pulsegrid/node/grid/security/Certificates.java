package io.pulsegrid.node.grid.security;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** Certificates made with the JDK's keytool. */
public final class Certificates {
  public static final String PASSWORD = "changeit";

  private Certificates() {}

  /** A key with a certificate of its own; as a trust store it takes that certificate. */
  static Path make(Path directory, String name) throws IOException, InterruptedException {
    return make(directory, name, 90);
  }

  /**
   * The same, good for so many days.
   *
   * @param extensions what else it says, such as {@code eku=clientAuth}
   */
  public static Path make(Path directory, String name, int days, String... extensions)
      throws IOException, InterruptedException {
    Path file = directory.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
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
                PASSWORD));
    for (String extension : extensions) {
      command.addAll(List.of("-ext", extension));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
    return file;
  }

  /** A trust store that takes the certificates of several keys. */
  static Path trusting(Path directory, Path... keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Path key : keys) {
      KeyStore own = KeyStore.getInstance(key.toFile(), PASSWORD.toCharArray());
      String alias = own.aliases().nextElement();
      store.setCertificateEntry(alias, own.getCertificate(alias));
    }
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }
}
