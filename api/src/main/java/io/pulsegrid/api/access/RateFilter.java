package io.pulsegrid.api.access;

import io.github.bucket4j.ConsumptionProbe;
import io.pulsegrid.api.problem.Refusal;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FailureCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a key that asks faster than it may, and tells every key how it stands, in the fields of
 * the IETF's draft "RateLimit header fields for HTTP". Callers without a key are refused elsewhere.
 */
public final class RateFilter extends OncePerRequestFilter {
  private static final String POLICY = "\"key\"";

  /** An embedding costs the model's time, a query the store's, a long result the index's. */
  public static final int EMBEDDINGS = 10;

  private static final int DEEP_SEARCH = 5;
  private static final int DEEP = 100;

  private final KeyRates rates;
  private final Door door;

  RateFilter(KeyRates rates, Door door) {
    this.rates = rates;
    this.door = door;
  }

  /** How those are refused who came in by one of the doors. */
  interface Door {
    void refuse(HttpServletResponse response, Refusal refusal) throws IOException;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Authentication known = SecurityContextHolder.getContext().getAuthentication();
    if (known == null || !(known.getPrincipal() instanceof Caller caller)) {
      chain.doFilter(request, response);
      return;
    }
    ConsumptionProbe probe = rates.take(caller.keyId(), cost(request));
    response.setHeader(
        "RateLimit-Policy",
        POLICY + ";q=" + rates.perWindow() + ";w=" + KeyRates.WINDOW.toSeconds());
    response.setHeader(
        "RateLimit",
        POLICY
            + ";r="
            + probe.getRemainingTokens()
            + ";t="
            + KeyRates.seconds(probe.getNanosToWaitForReset()));
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
      return;
    }
    long wait = KeyRates.waitSeconds(probe);
    door.refuse(
        response,
        Refusal.of(FailureCode.RATE_LIMITED, rates.refusal(wait))
            .with("Retry-After", Long.toString(wait)));
  }

  private static int cost(HttpServletRequest request) {
    return switch (request.getServletPath()) {
      case "/api/v1/embeddings", "/api/v1/sql" -> EMBEDDINGS;
      case "/api/v1/search" -> costOfSearch(number(request.getParameter("limit")));
      default -> 1;
    };
  }

  /** How many calls a search for so many posts counts as. */
  public static int costOfSearch(int limit) {
    return limit > DEEP ? DEEP_SEARCH : 1;
  }

  private static int number(@Nullable String limit) {
    try {
      return limit == null ? 0 : Integer.parseInt(limit);
    } catch (NumberFormatException refusedLater) {
      return 0;
    }
  }
}
