package io.pulsegrid.api.pages;

import io.pulsegrid.api.access.SessionCookie;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The first page, its living part, and the way in and out. */
@Controller
final class BoardController {
  private final Boards boards;
  private final Keys keys;

  BoardController(Boards boards, Keys keys) {
    this.boards = boards;
    this.keys = keys;
  }

  @GetMapping("/")
  String board(@AuthenticationPrincipal @Nullable Caller caller, Model model) {
    if (caller == null) {
      return "sign-in";
    }
    model.addAttribute("board", boards.of(caller.workspace()));
    return "board";
  }

  @GetMapping("/live")
  String live(@AuthenticationPrincipal Caller caller, Model model) {
    model.addAttribute("board", boards.of(caller.workspace()));
    return "board :: live";
  }

  @GetMapping("/sign-in")
  String signIn() {
    return "redirect:/";
  }

  @PostMapping("/sign-in")
  String enter(
      @RequestParam(defaultValue = "") String key,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    String token = key.strip();
    if (token.isEmpty() || keys.authenticate(token).isEmpty()) {
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"pulsegrid\"");
      model.addAttribute(
          "error",
          token.isEmpty()
              ? "Paste a key first."
              : "This key is not known here. Check that it is complete; it may have been deleted.");
      return "sign-in";
    }
    SessionCookie.keep(request, response, token);
    return "redirect:/";
  }

  @PostMapping("/sign-out")
  String leave(HttpServletRequest request, HttpServletResponse response) {
    SessionCookie.forget(request, response);
    return "redirect:/";
  }
}
