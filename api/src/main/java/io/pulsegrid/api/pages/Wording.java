package io.pulsegrid.api.pages;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Texts of the world made fit for a page. */
final class Wording {
  private static final int SNIPPET = 180;

  private Wording() {}

  /** The beginning of a text, on one line. */
  static String snippet(@Nullable String text) {
    String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
    if (line.length() <= SNIPPET) {
      return line;
    }
    int end = line.offsetByCodePoints(0, Math.min(SNIPPET, line.codePointCount(0, line.length())));
    return line.substring(0, end).stripTrailing() + "…";
  }

  /** An address that may be followed from a page; null for anything but the web. */
  static @Nullable String link(@Nullable String url) {
    if (url == null) {
      return null;
    }
    try {
      String scheme = URI.create(url).getScheme();
      return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme) ? url : null;
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }
}
