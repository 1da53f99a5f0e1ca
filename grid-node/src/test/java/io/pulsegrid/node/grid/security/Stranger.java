package io.pulsegrid.node.grid.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.apache.ignite.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Somebody at a port of this machine, who speaks first and then listens until it hangs up. */
final class Stranger {
  private static final int PATIENCE_MILLIS = 20_000;

  private Stranger() {}

  /** What he is told without TLS. */
  static byte[] told(int port, byte[] said) throws IOException {
    return told(new Socket(InetAddress.getLoopbackAddress(), port), said);
  }

  /**
   * What he is told over TLS.
   *
   * @param key the file of the certificate that he shows; null where he has none
   */
  static byte[] told(int port, @Nullable Path key, byte[] said)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] anyone = {SslContextFactory.getDisabledTrustManager()};
    context.init(key == null ? null : keys(key), anyone, null);
    return told(
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port), said);
  }

  private static KeyManager[] keys(Path file) throws IOException, GeneralSecurityException {
    char[] password = Certificates.PASSWORD.toCharArray();
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(KeyStore.getInstance(file.toFile(), password), password);
    return factory.getKeyManagers();
  }

  /** One that does not hang up in time fails the test. */
  private static byte[] told(Socket socket, byte[] said) throws IOException {
    var told = new ByteArrayOutputStream();
    try (socket) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(said);
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        told.write(next);
      }
    } catch (SSLException | SocketException _) {
      // An alert, or a reset: so a door is shut in one's face.
    }
    return told.toByteArray();
  }
}
