package io.pulsegrid.client;

import java.nio.file.Path;

/**
 * The certificates of a program, which a grid on any other address than loopback asks for: two PKCS
 * #12 files.
 *
 * @param keyStore the program's own certificate and key
 * @param trustStore those whose certificates it takes
 */
public record Tls(
    Path keyStore, String keyStorePassword, Path trustStore, String trustStorePassword) {

  /** Where they are; never a password. */
  @Override
  public String toString() {
    return "Tls[keyStore=" + keyStore + ", trustStore=" + trustStore + "]";
  }
}
