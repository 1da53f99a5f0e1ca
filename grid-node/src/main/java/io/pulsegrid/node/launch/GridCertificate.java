package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How long the certificate will do that a node shows on the grid's own ports. */
record GridCertificate(OuterSettings settings, InstantSource clock) {
  private static final String WHAT = "key store";

  /** Adds what was found; nothing where the grid keeps to loopback and has none. */
  void look(List<Finding> findings) {
    settings.find("pulsegrid.tls.key-store").map(Path::of).ifPresent(f -> findings.add(found(f)));
  }

  private Finding found(Path file) {
    try {
      Instant ends = firstEnd(file);
      String told = "the grid's certificate ends " + ends;
      return ends.isBefore(clock.instant().plus(Certificates.EARLY))
          ? Finding.wrong(
              WHAT,
              told,
              "sign a new one (docs/operations.md), put it in its place, restart node by node")
          : Finding.well(WHAT, told);
    } catch (IOException | GeneralSecurityException | SettingRefused e) {
      return Finding.wrong(
          WHAT,
          file + " cannot be read: " + e.getMessage(),
          "look at pulsegrid.tls.*; run as the node's user, with its settings");
    }
  }

  /** When the first certificate ends of those that the node shows. */
  private Instant firstEnd(Path file) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    Optional<String> password = settings.find("pulsegrid.tls.key-store-password");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, password.map(String::toCharArray).orElse(null));
    }
    List<Instant> ends = new ArrayList<>();
    for (String alias : Collections.list(keys.aliases())) {
      Certificate[] chain = keys.getCertificateChain(alias);
      for (Certificate one : chain == null ? new Certificate[0] : chain) {
        if (one instanceof X509Certificate certificate) {
          ends.add(certificate.getNotAfter().toInstant());
        }
      }
    }
    return ends.stream()
        .min(Instant::compareTo)
        .orElseThrow(() -> new SettingRefused("it holds no key with a certificate"));
  }
}
