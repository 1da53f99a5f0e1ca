package io.pulsegrid.connectors.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What calls are signed with, as Standard Webhooks has it: {@code webhook-signature: v1,<base64 of
 * HMAC-SHA256 of "id.timestamp.body">}. Never printed.
 */
public final class SigningKey {
  private static final String ENCODED = "whsec_";

  private final byte[] bytes;

  private SigningKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The key that a secret is: its characters, or what is in Base64 behind {@code whsec_}.
   *
   * @throws IllegalArgumentException for one with a {@link #fault}
   */
  public static SigningKey of(String secret) {
    fault(secret)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException("a secret " + fault);
            });
    return new SigningKey(decoded(secret));
  }

  /** A secret that holds a key. */
  public static String secretOf(byte[] key) {
    return ENCODED + Base64.getEncoder().encodeToString(key);
  }

  /** What is wrong with a secret, as in "must be ..."; empty where it can be signed with. */
  public static Optional<String> fault(String secret) {
    try {
      return decoded(secret).length == 0
          ? Optional.of("must hold a key behind " + ENCODED)
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.of("must be Base64 behind " + ENCODED);
    }
  }

  /** How many bytes of key a secret without {@link #fault} holds. */
  public static int length(String secret) {
    return decoded(secret).length;
  }

  /** The headers that a body goes out with. */
  public Map<String, String> headers(String id, Instant at, String body) {
    long seconds = at.getEpochSecond();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", String.valueOf(seconds));
    headers.put("webhook-signature", "v1," + signature("%s.%d.%s".formatted(id, seconds, body)));
    return headers;
  }

  private static byte[] decoded(String secret) {
    return secret.startsWith(ENCODED)
        ? Base64.getDecoder().decode(secret.substring(ENCODED.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }

  private String signature(String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
