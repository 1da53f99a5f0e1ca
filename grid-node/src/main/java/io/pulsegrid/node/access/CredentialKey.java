package io.pulsegrid.node.access;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key that secrets at rest are sealed with: 256 bits in {@code <data>/credentials.key}. */
public final class CredentialKey {
  private static final int BYTES = 32;

  private final SecretKey key;
  private final String fingerprint;
  private final Path path;

  private CredentialKey(byte[] bytes, Path path) {
    this.key = new SecretKeySpec(bytes, "AES");
    this.fingerprint = fingerprintOf(bytes);
    this.path = path;
  }

  /** The file in a data directory. */
  public static SecretFile fileIn(Path data) {
    return new SecretFile(data.resolve("credentials.key"));
  }

  /** The key that a file holds, made first if there is none. */
  public static CredentialKey readOrCreate(SecretFile file, SecureRandom random) {
    String text =
        file.readOrCreate(
            () -> {
              byte[] bytes = new byte[BYTES];
              random.nextBytes(bytes);
              return Base64.getEncoder().encodeToString(bytes);
            });
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == BYTES) {
        return new CredentialKey(bytes, file.path());
      }
    } catch (IllegalArgumentException notBase64) {
      // falls through: one message for every content that is no key
    }
    throw PulsegridException.of(
        FailureCode.INTERNAL,
        file.path()
            + " does not hold a credential key (32 bytes in Base64): put the right one back");
  }

  /** What tells two keys apart without telling either. */
  public String fingerprint() {
    return fingerprint;
  }

  /** A secret for another purpose, which every holder of the key works out the same. */
  public String secretFor(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }

  /** Where it stands, for messages. */
  public Path path() {
    return path;
  }

  SecretKey secret() {
    return key;
  }

  private static String fingerprintOf(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("pulsegrid credential key ".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(bytes), 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
