package io.pulsegrid.node.grid;

import io.pulsegrid.node.config.ClientSettings;
import io.pulsegrid.node.config.TlsSettings;
import java.nio.file.Path;
import org.apache.ignite.configuration.ClientConnectorConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.plugin.PluginProvider;
import org.apache.ignite.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** The ports of a real node beyond its grid's: the one for programs and the control script. */
public final class Doors {
  /** Half of them may wait for events; the others answer at once. */
  private static final int THREADS = 64;

  private static final String PKCS12 = "PKCS12";

  private Doors() {}

  /**
   * Opens the programs' port, behind a guard, and asks for certificates where there are any.
   *
   * @param guard decides on every operation that comes through it
   */
  public static void open(
      IgniteConfiguration configuration,
      ClientSettings settings,
      TlsSettings tls,
      PluginProvider<?> guard) {
    PluginProvider<?>[] rules = configuration.getPluginProviders();
    PluginProvider<?>[] all = java.util.Arrays.copyOf(rules, rules.length + 1);
    all[rules.length] = guard;
    configuration.setPluginProviders(all);
    ClientConnectorConfiguration port =
        new ClientConnectorConfiguration()
            .setHost(settings.host())
            .setPort(settings.port())
            .setPortRange(0)
            .setThreadPoolSize(THREADS)
            // SQL is asked for over REST, which confines it to a workspace.
            .setJdbcEnabled(false)
            .setOdbcEnabled(false);
    @Nullable SslContextFactory certificates = certificates(tls);
    if (certificates != null) {
      configuration.setSslContextFactory(certificates);
      port.setSslEnabled(true).setSslClientAuth(true).setUseIgniteSslContextFactory(true);
    }
    configuration.setClientConnectorConfiguration(port);
  }

  private static @Nullable SslContextFactory certificates(TlsSettings tls) {
    Path keyStore = tls.keyStore();
    Path trustStore = tls.trustStore();
    String keyStorePassword = tls.keyStorePassword();
    String trustStorePassword = tls.trustStorePassword();
    if (keyStore == null
        || trustStore == null
        || keyStorePassword == null
        || trustStorePassword == null) {
      return null;
    }
    SslContextFactory factory = new SslContextFactory();
    factory.setKeyStoreType(PKCS12);
    factory.setKeyStoreFilePath(keyStore.toString());
    factory.setKeyStorePassword(keyStorePassword.toCharArray());
    factory.setTrustStoreType(PKCS12);
    factory.setTrustStoreFilePath(trustStore.toString());
    factory.setTrustStorePassword(trustStorePassword.toCharArray());
    return factory;
  }
}
