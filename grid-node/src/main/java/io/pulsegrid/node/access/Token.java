package io.pulsegrid.node.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** The secret of an API key: {@code pg_} and 256 random bits. Never printed, stored as a hash. */
public final class Token {
  private static final Pattern FORM = Pattern.compile("pg_[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;

  private final String value;

  private Token(String value) {
    this.value = value;
  }

  /** A token never made before. */
  public static Token random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new Token("pg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The token that a text is; empty for a text that cannot be one. */
  public static Optional<Token> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Token(text)) : Optional.empty();
  }

  /** The whole token, as a caller sends it. */
  public String value() {
    return value;
  }

  /**
   * What is stored and looked up. A plain SHA-256: a slow hash protects secrets that can be
   * guessed, and 256 random bits cannot. Looking one up by its hash tells a stranger nothing
   * through timing, since they cannot choose how far a hash agrees with a stored one.
   */
  public byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "pg_...";
  }
}
