package io.pulsegrid.api.problem;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Turns whatever a controller or the container throws into a problem, or for a person's browser
 * into a page that says the same.
 */
@ControllerAdvice
@Controller
final class ProblemAdvice implements ErrorController {
  private final ProblemWriter writer;
  private final Translations translations;

  ProblemAdvice(ProblemWriter writer, Translations translations) {
    this.writer = writer;
    this.translations = translations;
  }

  @ExceptionHandler(Throwable.class)
  @Nullable ModelAndView handle(
      Throwable failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return answer(translations.refusal(failure), request, response);
  }

  @RequestMapping("/error")
  @Nullable ModelAndView fromContainer(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getDispatcherType() != DispatcherType.ERROR) {
      return answer(Refusals.status(404), request, response);
    }
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    return answer(
        failure instanceof Throwable thrown
            ? translations.refusal(thrown)
            : Refusals.status(status instanceof Integer code ? code : 500),
        request,
        response);
  }

  private @Nullable ModelAndView answer(
      Refusal refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!wantsPage(request)) {
      writer.write(response, refusal);
      return null;
    }
    refusal.headers().forEach(response::setHeader);
    var page = new ModelAndView("problem");
    page.setStatus(HttpStatusCode.valueOf(refusal.problem().status()));
    page.addObject("problem", refusal.problem());
    return page;
  }

  private static boolean wantsPage(HttpServletRequest request) {
    Object original = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    String path = original instanceof String uri ? uri : request.getRequestURI();
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return !path.startsWith("/api/") && accept != null && accept.contains("text/html");
  }
}
