package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** How long the certificate that a node shows will do, whoever signed it. */
record Certificates(String url, OuterSettings settings, InstantSource clock) {
  static final Duration EARLY = Duration.ofDays(21);
  private static final int PATIENCE_MILLIS = 5_000;

  void look(List<Finding> findings) {
    URI address = URI.create(url);
    String listening = settings.find("server.address").orElse("127.0.0.1");
    if (!"https".equals(address.getScheme())) {
      findings.add(
          listening.equals("127.0.0.1") || listening.equals("localhost")
              ? Finding.well("certificate", "none: the node listens on loopback, over plain HTTP")
              : Finding.wrong(
                  "certificate",
                  "keys cross the network in the clear: plain HTTP on " + listening,
                  "set server.ssl.bundle (docs/operations.md), or put a proxy with TLS in front"));
      return;
    }
    try {
      Instant ends = shown(address).getNotAfter().toInstant();
      String told = "it ends " + ends;
      findings.add(
          ends.isBefore(clock.instant().plus(EARLY))
              ? Finding.wrong(
                  "certificate", told, "put a new one in its place; the node takes it by itself")
              : Finding.well("certificate", told));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              "certificate",
              "no handshake with " + url + ": " + e.getMessage(),
              "look at spring.ssl.bundle.* and at the node's log"));
    }
  }

  private static X509Certificate shown(URI address) throws IOException {
    var sockets = AnyCertificate.context().getSocketFactory();
    try (var socket = (SSLSocket) sockets.createSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      int port = address.getPort() > 0 ? address.getPort() : 443;
      socket.connect(new InetSocketAddress(address.getHost(), port), PATIENCE_MILLIS);
      socket.startHandshake();
      if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate first) {
        return first;
      }
      throw new SettingRefused("what " + address + " shows is no X.509 certificate");
    }
  }
}
