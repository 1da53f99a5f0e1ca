package io.pulsegrid.node.wiring;

import io.pulsegrid.api.problem.ProblemWriter;
import io.pulsegrid.api.problem.Refusals;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.grid.Presence;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers for a node that may have been cut off, or leaves: ask another one. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PresenceFilter extends OncePerRequestFilter {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  // The web server is made before anything else, and would have the node join the grid by this,
  // long before it can do a member's work.
  private final ObjectProvider<Presence> presence;
  private final ProblemWriter writer;

  PresenceFilter(ObjectProvider<Presence> presence, ProblemWriter writer) {
    this.presence = presence;
    this.writer = writer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (presence.getObject().sure()) {
      chain.doFilter(request, response);
    } else {
      writer.write(
          response,
          Refusals.of(
              PulsegridException.unavailable(
                  "this node is leaving the grid, or does not know whether it is still part of it;"
                      + " ask another one",
                  RETRY_AFTER)));
    }
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getRequestURI().startsWith("/actuator/");
  }
}
