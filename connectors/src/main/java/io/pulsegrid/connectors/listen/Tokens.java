package io.pulsegrid.connectors.listen;

import io.pulsegrid.core.source.Source;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were given out for credentials, kept until a platform refuses them. Losing one costs
 * a sign-in. Safe for use by many threads.
 */
final class Tokens {
  private static final int MOST = 10_000;

  private final Map<Key, String> given = new ConcurrentHashMap<>();

  private record Key(String base, Source.Credentials credentials) {}

  /** How one is asked for. */
  interface SignIn {
    String ask() throws Stopped;
  }

  /** The token for these credentials, asked for if there is none. */
  String of(String base, Source.Credentials credentials, SignIn signIn) throws Stopped {
    Key key = new Key(base, credentials);
    @Nullable String kept = given.get(key);
    if (kept != null) {
      return kept;
    }
    String fresh = signIn.ask();
    if (given.size() >= MOST) {
      given.clear();
    }
    given.put(key, fresh);
    return fresh;
  }

  /** Forgets one that was refused; whether it was kept. */
  boolean refused(String base, Source.Credentials credentials, String token) {
    return given.remove(new Key(base, credentials), token);
  }
}
