package io.pulsegrid.api.access;

import io.pulsegrid.core.access.Keys;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The cookie that carries a person's key for as long as the browser is open: no script can read it
 * and no other site can send it. The API never looks at it.
 */
public final class SessionCookie extends OncePerRequestFilter {
  private static final String NAME = "pulsegrid";

  private final Keys keys;

  SessionCookie(Keys keys) {
    this.keys = keys;
  }

  /** Remembers a key in the browser. */
  public static void keep(HttpServletRequest request, HttpServletResponse response, String token) {
    set(response, cookie(request, token).build());
  }

  /** Makes the browser forget its key. */
  public static void forget(HttpServletRequest request, HttpServletResponse response) {
    set(response, cookie(request, "").maxAge(0).build());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    token(request).flatMap(keys::authenticate).ifPresent(BearerFilter::enter);
    chain.doFilter(request, response);
  }

  private static Optional<String> token(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return Optional.empty();
    }
    for (Cookie cookie : cookies) {
      if (cookie.getName().equals(NAME) && !cookie.getValue().isEmpty()) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  private static ResponseCookie.ResponseCookieBuilder cookie(
      HttpServletRequest request, String token) {
    return ResponseCookie.from(NAME, token)
        .httpOnly(true)
        .sameSite("Strict")
        .secure(request.isSecure())
        .path("/");
  }

  private static void set(HttpServletResponse response, ResponseCookie cookie) {
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
  }
}
