package io.pulsegrid.api.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a call needs: reading for what changes nothing, writing for the rest, administration for the
 * few paths named here. What concerns every workspace at once takes an administrator of the first
 * one, {@link WorkspaceId#DEFAULT}.
 */
final class ScopeRule {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<String> ADMIN =
      List.of(
          "/api/v1/keys",
          "/api/v1/audit",
          "/api/v1/workspaces",
          "/api/v1/verify",
          "/api/v1/queue/",
          "/api/v1/nodes/");
  private static final List<String> EVERYONES =
      List.of("/api/v1/verify", "/api/v1/queue/", "/api/v1/nodes/");
  private static final String APPS_LIMITS = "/api/v1/rate-limits/app:";
  private static final String WORKERS = "/api/v1/workers";

  /** POST carries what is asked; nothing is changed. */
  private static final Set<String> ASKING = Set.of("/api/v1/embeddings", "/api/v1/sql");

  private ScopeRule() {}

  static Scope neededFor(HttpServletRequest request) {
    String path = request.getServletPath();
    if (isUnder(ADMIN, path) || changesForAll(request)) {
      return Scope.ADMIN;
    }
    return READING.contains(request.getMethod()) || ASKING.contains(path)
        ? Scope.READ
        : Scope.WRITE;
  }

  static boolean allows(Caller caller, HttpServletRequest request) {
    return caller.may(neededFor(request)) && (!concernsEveryone(request) || rulesAll(caller));
  }

  private static boolean concernsEveryone(HttpServletRequest request) {
    return isUnder(EVERYONES, request.getServletPath()) || changesForAll(request);
  }

  /** What all workspaces share: a platform's limits, and how many calls it takes at once. */
  private static boolean changesForAll(HttpServletRequest request) {
    String path = request.getServletPath();
    return (path.startsWith(APPS_LIMITS) || path.equals(WORKERS))
        && !READING.contains(request.getMethod());
  }

  /** Why {@link #allows} said no. */
  static String refusal(Caller caller, HttpServletRequest request) {
    Scope needed = neededFor(request);
    return caller.may(needed)
        ? "this concerns every workspace: it takes an admin key of the workspace "
            + WorkspaceId.DEFAULT
        : "this key lacks the scope " + needed.name().toLowerCase(Locale.ROOT);
  }

  /** Whether a caller administers the whole installation. */
  static boolean rulesAll(Caller caller) {
    return caller.may(Scope.ADMIN) && caller.workspace().equals(WorkspaceId.DEFAULT);
  }

  private static boolean isUnder(List<String> prefixes, String path) {
    return prefixes.stream()
        .anyMatch(
            prefix ->
                path.equals(prefix)
                    || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/"));
  }
}
