package io.pulsegrid.api.access;

import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Writes every change down that the API or a page makes, before it is made and after. */
@Configuration(proxyBeanMethods = false)
class Auditing implements WebMvcConfigurer {
  private static final String ENTRY = Auditing.class.getName();
  private static final String PREVIEW = "/api/v1/scheduled-posts/preview";

  private final Audit audit;

  Auditing(Audit audit) {
    this.audit = audit;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    // Who comes or goes changes nothing; and what failed is told of where it began.
    registry
        .addInterceptor(new Around(audit))
        .excludePathPatterns("/sign-in", "/sign-out", "/error");
  }

  private record Around(Audit audit) implements HandlerInterceptor {
    /** Where the entry cannot be written, the change is not made: the caller is told 503. */
    @Override
    public boolean preHandle(
        HttpServletRequest request, HttpServletResponse response, Object handler) {
      Authentication known = SecurityContextHolder.getContext().getAuthentication();
      if (known != null && known.getPrincipal() instanceof Caller caller && changes(request)) {
        request.setAttribute(
            ENTRY,
            audit.begin(
                new Audit.Change(
                    caller.keyId(),
                    caller.workspace(),
                    // Of a caller who has hung up already, Tomcat knows no address any more.
                    Objects.requireNonNullElse(request.getRemoteAddr(), "gone"),
                    request.getMethod(),
                    request.getServletPath())));
      }
      return true;
    }

    @Override
    public void afterCompletion(
        HttpServletRequest request,
        HttpServletResponse response,
        Object handler,
        @Nullable Exception failure) {
      if (request.getAttribute(ENTRY) instanceof Long entry) {
        audit.end(entry, response.getStatus(), made(response));
      }
    }

    /** Where what was made is; a page's redirect leads to what was there before. */
    private static String made(HttpServletResponse response) {
      return response.getStatus() == HttpServletResponse.SC_CREATED
          ? Objects.requireNonNullElse(response.getHeader("Location"), "")
          : "";
    }

    /** What needs more than reading does, but for the one question that is a POST. */
    private static boolean changes(HttpServletRequest request) {
      return !request.getMethod().equals("GET")
          && !request.getMethod().equals("HEAD")
          && ScopeRule.neededFor(request) != Scope.READ
          && !request.getServletPath().equals(PREVIEW);
    }
  }
}
