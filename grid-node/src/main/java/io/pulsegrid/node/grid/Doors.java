package io.pulsegrid.node.grid;

import io.pulsegrid.node.config.ClientSettings;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.ignite.configuration.ClientConnectorConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.plugin.PluginProvider;
import org.apache.ignite.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The doors of a real node: the port for programs and the control script, and the certificates that
 * this one takes and that the grid's own ports take.
 */
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
    PluginProvider<?>[] all = Arrays.copyOf(rules, rules.length + 1);
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
    @Nullable SslContextFactory ofAll = certificates(tls);
    @Nullable SslContextFactory ofNodes = certificates(tls);
    if (ofAll != null && ofNodes != null) {
      ofNodes.setTrustManagers(nodesOnly(tls));
      configuration.setSslContextFactory(ofNodes);
      port.setSslEnabled(true)
          .setSslClientAuth(true)
          .setUseIgniteSslContextFactory(false)
          .setSslContextFactory(ofAll);
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

  private static TrustManager[] nodesOnly(TlsSettings tls) {
    try {
      KeyStore trusted =
          KeyStore.getInstance(
              Objects.requireNonNull(tls.trustStore()).toFile(),
              Objects.requireNonNull(tls.trustStorePassword()).toCharArray());
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return Arrays.stream(factory.getTrustManagers())
          .map(X509ExtendedTrustManager.class::cast)
          .map(NodesOnly::new)
          .toArray(TrustManager[]::new);
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new SettingRefused(
          "pulsegrid.tls.trust-store: cannot be read: " + unreadable.getMessage());
    }
  }
}
