package io.pulsegrid.sim.posts;

import java.util.Optional;

/** Whose a token is: {@code t-<name>} account name's, {@code bad} nobody's, any other default's. */
public final class Accounts {
  private static final String PREFIX = "t-";

  private Accounts() {}

  /** The account of a token; empty where it is nobody's. */
  public static Optional<String> of(String token) {
    if (token.equals("bad") || token.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        token.startsWith(PREFIX) && token.length() > PREFIX.length()
            ? token.substring(PREFIX.length())
            : "default");
  }

  /** The token that names an account. */
  public static String token(String account) {
    return PREFIX + account;
  }
}
