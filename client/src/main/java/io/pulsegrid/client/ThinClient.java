package io.pulsegrid.client;

import java.util.List;
import org.apache.ignite.Ignition;
import org.apache.ignite.client.ClientConnectionException;
import org.apache.ignite.client.IgniteClient;
import org.apache.ignite.client.SslMode;
import org.apache.ignite.configuration.ClientConfiguration;
import org.jspecify.annotations.Nullable;

/** How Ignite's thin client is told to connect. */
final class ThinClient {
  private static final String PKCS12 = "PKCS12";

  private ThinClient() {}

  /** Meets a node at one of the addresses. */
  static Line.Link open(Connection connection, List<String> addresses) {
    try {
      IgniteClient client = Ignition.startClient(configuration(connection, addresses));
      return new Line.Link(client.services().serviceProxy(Door.NAME, Door.class), client);
    } catch (ClientConnectionException lost) {
      throw new ClientConnectionException(
          lost.getMessage() + " (" + shown(connection.tls()) + ")", lost);
    }
  }

  /** A node that does not take what it is shown hangs up without a word. */
  private static String shown(@Nullable Tls tls) {
    return tls == null
        ? "asked without certificates, which a grid on any other address than loopback demands"
        : "shown the certificates in "
            + tls.keyStore()
            + ", trusting the certificates in "
            + tls.trustStore();
  }

  private static ClientConfiguration configuration(Connection connection, List<String> addresses) {
    ClientConfiguration configuration =
        new ClientConfiguration()
            .setAddresses(addresses.toArray(String[]::new))
            .setUserName("key")
            .setUserPassword(connection.key())
            .setPartitionAwarenessEnabled(true)
            // For what it does by itself; whoever calls has given up before.
            .setTimeout(Math.toIntExact(Line.longest(connection.patience()).toMillis() * 2));
    Tls tls = connection.tls();
    if (tls != null) {
      configuration
          .setSslMode(SslMode.REQUIRED)
          .setSslClientCertificateKeyStoreType(PKCS12)
          .setSslClientCertificateKeyStorePath(tls.keyStore().toString())
          .setSslClientCertificateKeyStorePassword(tls.keyStorePassword())
          .setSslTrustCertificateKeyStoreType(PKCS12)
          .setSslTrustCertificateKeyStorePath(tls.trustStore().toString())
          .setSslTrustCertificateKeyStorePassword(tls.trustStorePassword());
    }
    return configuration;
  }
}
