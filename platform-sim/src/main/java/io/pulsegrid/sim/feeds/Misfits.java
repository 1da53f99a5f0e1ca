package io.pulsegrid.sim.feeds;

import io.pulsegrid.sim.http.Reply;
import io.pulsegrid.sim.http.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Feeds that misbehave as some out there do, by name. */
final class Misfits {
  private static final String RSS = "application/rss+xml; charset=utf-8";
  private static final String HEAD =
      "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Endless</title>";

  private Misfits() {}

  static Optional<Reply> named(String name, Request request) {
    return switch (name) {
      case "gone" -> Optional.of(Reply.text(410, "text/plain", "This feed is no more."));
      case "moved" ->
          Optional.of(
              Reply.empty(301).with("Location", request.base() + "/tech" + suffix(request)));
      case "broken" -> Optional.of(Reply.text(200, RSS, "<rss><channel><title>Half a feed"));
      case "bomb" -> Optional.of(Reply.text(200, RSS, bomb()));
      case "endless" ->
          Optional.of(new Reply.Stream(200, Map.of("Content-Type", RSS), Misfits::goOn));
      default -> Optional.empty();
    };
  }

  private static String suffix(Request request) {
    String path = request.path();
    return path.substring(path.lastIndexOf('.'));
  }

  /** Entities that grow to a billion laughs where a parser expands them. */
  private static String bomb() {
    StringBuilder bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE rss [");
    bomb.append("<!ENTITY l0 \"laugh\">");
    for (int level = 1; level <= 9; level++) {
      String below = ("&l" + (level - 1) + ";").repeat(10);
      bomb.append("<!ENTITY l%d \"%s\">".formatted(level, below));
    }
    return bomb.append("]><rss version=\"2.0\"><channel><title>&l9;</title></channel></rss>")
        .toString();
  }

  /** Ends when the reader hangs up. */
  private static void goOn(OutputStream out) throws IOException {
    out.write(HEAD.getBytes(StandardCharsets.UTF_8));
    for (long number = 0; ; number++) {
      String item = "<item><title>And another thing</title><guid>" + number + "</guid></item>";
      out.write(item.getBytes(StandardCharsets.UTF_8));
    }
  }
}
