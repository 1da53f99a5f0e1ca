package io.pulsegrid.api.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Finds the caller behind {@code Authorization: Bearer pg_...}; it refuses nobody by itself. */
final class BearerFilter extends OncePerRequestFilter {
  private final Keys keys;

  BearerFilter(Keys keys) {
    this.keys = keys;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    BearerToken.of(request).flatMap(keys::authenticate).ifPresent(BearerFilter::enter);
    chain.doFilter(request, response);
  }

  static void enter(Caller caller) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new KeyAuthentication(caller));
    SecurityContextHolder.setContext(context);
  }
}
