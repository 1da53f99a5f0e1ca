package io.pulsegrid.core.page;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The opaque text form of a list position: the sort keys of the last item seen. */
public final class Cursor {
  private static final String SEPARATOR = "\u001f";

  private Cursor() {}

  /** Encodes sort keys, which must not contain the unit separator (U+001F). */
  public static String encode(Object... keys) {
    String text = Arrays.stream(keys).map(String::valueOf).collect(Collectors.joining(SEPARATOR));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Decodes a cursor of {@code size} keys.
   *
   * @throws PulsegridException {@code MALFORMED} for anything this class did not make
   */
  public static List<String> decode(String cursor, int size) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      List<String> keys = List.of(text.split(SEPARATOR, -1));
      if (keys.size() == size) {
        return keys;
      }
    } catch (IllegalArgumentException notBase64) {
      // falls through: one message for every foreign cursor
    }
    throw foreign();
  }

  /**
   * A key that was a number.
   *
   * @throws PulsegridException {@code MALFORMED} for anything else
   */
  public static double number(String key) {
    try {
      return Double.parseDouble(key);
    } catch (NumberFormatException notOurs) {
      throw foreign();
    }
  }

  private static PulsegridException foreign() {
    return PulsegridException.of(
        FailureCode.MALFORMED, "cursor: not one that this list gave; start again without it");
  }
}
