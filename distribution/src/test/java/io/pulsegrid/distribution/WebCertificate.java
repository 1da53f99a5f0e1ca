package io.pulsegrid.distribution;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificate that a node shows its callers, signed by itself, and how it is told of it. */
record WebCertificate(Path file) {
  static final String PASSWORD = "a-word-for-tests";

  /** Makes one, in the place of the one before. */
  void renew(String name) throws IOException, InterruptedException {
    Path fresh = file.resolveSibling("fresh.p12");
    Process made =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "web",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keyalg",
                    "EC",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    fresh.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (made.waitFor() != 0) {
      throw new AssertionError(said);
    }
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Spring Boot's own settings, as docs/operations.md has them. */
  Map<String, String> settings() {
    return Map.of(
        "SERVER_SSL_BUNDLE", "web",
        "SPRING_SSL_BUNDLE_JKS_WEB_KEYSTORE_LOCATION", "file:" + file,
        "SPRING_SSL_BUNDLE_JKS_WEB_KEYSTORE_PASSWORD", PASSWORD,
        "SPRING_SSL_BUNDLE_JKS_WEB_KEYSTORE_TYPE", "PKCS12",
        "SPRING_SSL_BUNDLE_JKS_WEB_RELOADONUPDATE", "true",
        "SPRING_SSL_BUNDLE_WATCH_FILE_QUIETPERIOD", "1s");
  }

  /** Whose name the certificate has that is shown at a port of this machine. */
  static String shownAt(int port) throws IOException {
    try (var socket = (SSLSocket) anyone().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  /** Takes any certificate: these tests change it while they run. */
  static SSLContext anyone() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
