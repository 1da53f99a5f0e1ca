package io.pulsegrid.node.grid;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in nodes alone, out of all whom the trust store takes: a certificate that is only for
 * calling others is a program's, and programs have a port of their own. Behind the nodes' ports
 * nothing asks for a key any more, so that whoever is let in there can do what a node can.
 */
final class NodesOnly extends X509ExtendedTrustManager {
  /** Extended key usages: that of a server, and any. */
  private static final List<String> OF_NODES = List.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

  private final X509ExtendedTrustManager all;

  NodesOnly(X509ExtendedTrustManager all) {
    this.all = all;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    all.checkClientTrusted(chain, kind);
    needNode(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    all.checkClientTrusted(chain, kind, socket);
    needNode(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    all.checkClientTrusted(chain, kind, engine);
    needNode(chain);
  }

  // Who is called by a node has to be a server for Java too: nothing is left to ask.

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    all.checkServerTrusted(chain, kind);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    all.checkServerTrusted(chain, kind, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    all.checkServerTrusted(chain, kind, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return all.getAcceptedIssuers();
  }

  private static void needNode(X509Certificate[] chain) throws CertificateException {
    List<String> uses = chain[0].getExtendedKeyUsage();
    if (uses != null && uses.stream().noneMatch(OF_NODES::contains)) {
      throw new CertificateException(
          "%s is a program's certificate, no node's: a node's may serve (eku=serverAuth)"
              .formatted(chain[0].getSubjectX500Principal()));
    }
  }
}
