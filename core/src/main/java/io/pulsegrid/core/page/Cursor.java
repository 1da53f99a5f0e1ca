package io.pulsegrid.core.page;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The opaque text form of a list position: the sort keys of the last item seen. */
public final class Cursor {
  private static final String SEPARATOR = "\u001f";
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private Cursor() {}

  /** Encodes sort keys, which must contain neither the unit separator (U+001F) nor NUL. */
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
      // No key of ours holds a NUL, and Postgres takes none.
      if (keys.size() == size && text.indexOf('\0') < 0) {
        return keys;
      }
    } catch (IllegalArgumentException notBase64) {
      // falls through: one message for every foreign cursor
    }
    throw foreign();
  }

  /**
   * A key that was a finite number.
   *
   * @throws PulsegridException {@code MALFORMED} for anything else
   */
  public static double number(String key) {
    try {
      double number = Double.parseDouble(key);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException notOurs) {
      // falls through: one message for every foreign cursor
    }
    throw foreign();
  }

  /**
   * A key that was a whole number from 0 to {@code most}.
   *
   * @throws PulsegridException {@code MALFORMED} for anything else
   */
  public static long whole(String key, long most) {
    try {
      long number = Long.parseLong(key);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException notOurs) {
      // falls through: one message for every foreign cursor
    }
    throw foreign();
  }

  /**
   * A key that was a moment, of the years 1 to 9999.
   *
   * @throws PulsegridException {@code MALFORMED} for anything else
   */
  public static Instant instant(String key) {
    try {
      Instant instant = Instant.parse(key);
      if (instant.isAfter(EARLIEST) && instant.isBefore(LATEST)) {
        return instant;
      }
    } catch (DateTimeParseException notOurs) {
      // falls through: one message for every foreign cursor
    }
    throw foreign();
  }

  /**
   * A key that was a UUID.
   *
   * @throws PulsegridException {@code MALFORMED} for anything else
   */
  public static UUID uuid(String key) {
    try {
      return UUID.fromString(key);
    } catch (IllegalArgumentException notOurs) {
      throw foreign();
    }
  }

  /** The refusal, {@code MALFORMED}, of a cursor that was good once. */
  public static PulsegridException outlived(String reason) {
    return PulsegridException.of(
        FailureCode.MALFORMED, "cursor: " + reason + "; start again without it");
  }

  private static PulsegridException foreign() {
    return outlived("not one that this list gave");
  }
}
