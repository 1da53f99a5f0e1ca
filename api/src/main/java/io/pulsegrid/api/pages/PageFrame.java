package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What the frame around every page shows. */
@ControllerAdvice(basePackageClasses = PageFrame.class)
final class PageFrame {
  /** The workspace of whoever is signed in. */
  @ModelAttribute("workspace")
  @Nullable String workspace(@AuthenticationPrincipal @Nullable Caller caller) {
    return caller == null ? null : caller.workspace().value();
  }

  /** This node's address as the browser knows it, for commands to copy. */
  @ModelAttribute("origin")
  String origin(HttpServletRequest request) {
    StringBuffer url = request.getRequestURL();
    return url.substring(0, url.length() - request.getRequestURI().length());
  }
}
