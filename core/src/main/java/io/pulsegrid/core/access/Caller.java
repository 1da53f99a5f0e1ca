package io.pulsegrid.core.access;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.util.Locale;
import java.util.Set;

/**
 * Who is asking: an authenticated key, seen from inside.
 *
 * @param keyId the key's id, never its secret
 * @param workspace the only workspace whose data the caller sees
 */
public record Caller(String keyId, WorkspaceId workspace, Set<Scope> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Whether any held scope is or includes {@code needed}. */
  public boolean may(Scope needed) {
    return scopes.stream().anyMatch(held -> held.compareTo(needed) >= 0);
  }

  /**
   * Refuses a caller that lacks a scope.
   *
   * @throws PulsegridException {@code FORBIDDEN}, naming the scope
   */
  public void require(Scope needed) {
    if (!may(needed)) {
      throw PulsegridException.of(
          FailureCode.FORBIDDEN,
          "this key lacks the scope " + needed.name().toLowerCase(Locale.ROOT));
    }
  }
}
