package io.pulsegrid.sim.posts;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Tokens that are given out and end. Safe for use by many threads. */
public final class Sessions {
  private static final String PREFIX = "session-";

  private final Map<String, Session> open = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final AtomicLong last = new AtomicLong();

  private record Session(String account, Instant end) {}

  /** A new token of an account. */
  public String open(String account, Instant now, Duration life) {
    String token = PREFIX + last.incrementAndGet();
    open.put(token, new Session(account, now.plus(life)));
    return token;
  }

  /** Whether a token was, or looks as if it had been, given out here and no longer holds. */
  public boolean isOver(String token, Instant now) {
    Session session = open.get(token);
    return ended.contains(token)
        || (token.startsWith(PREFIX) && (session == null || !session.end().isAfter(now)));
  }

  /** Ends a token, wherever it comes from. */
  public void end(String token) {
    ended.add(token);
  }

  /** The account of a token, given out here or lasting; empty where it opens nothing. */
  public Optional<String> account(String token, Instant now) {
    if (isOver(token, now)) {
      return Optional.empty();
    }
    Session session = open.get(token);
    return session == null ? Accounts.of(token) : Optional.of(session.account());
  }
}
