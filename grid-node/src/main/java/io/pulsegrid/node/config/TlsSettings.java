package io.pulsegrid.node.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The certificates by which nodes and programs know each other on the grid's own ports ({@code
 * pulsegrid.tls.*}); PKCS #12 files, all four or none.
 *
 * @param keyStore the certificate that this node shows, and its key
 * @param trustStore those whose certificates it takes
 */
@ConfigurationProperties("pulsegrid.tls")
public record TlsSettings(
    @Nullable Path keyStore,
    @Nullable String keyStorePassword,
    @Nullable Path trustStore,
    @Nullable String trustStorePassword) {
  public TlsSettings {
    boolean any =
        keyStore != null
            || keyStorePassword != null
            || trustStore != null
            || trustStorePassword != null;
    boolean all =
        keyStore != null
            && keyStorePassword != null
            && trustStore != null
            && trustStorePassword != null;
    if (any && !all) {
      throw new IllegalArgumentException(
          "key-store, key-store-password, trust-store and trust-store-password must be set together");
    }
  }

  /** Whether certificates are asked for and shown. */
  public boolean isOn() {
    return keyStore != null;
  }
}
