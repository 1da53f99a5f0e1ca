package io.pulsegrid.api.web;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The ETags of single resources: the version that a change is checked against, then a digest of
 * what is shown, since parts such as a delivery's state move without the version.
 */
public final class ETags {
  private static final Pattern OURS = Pattern.compile("(?:W/)?\"(\\d{1,18})(?:-[0-9a-f]+)?\"");

  private ETags() {}

  /** The ETag of a body as it is written. */
  public static String of(@Nullable Long version, byte[] body) {
    CRC32C digest = new CRC32C();
    digest.update(body);
    String shown = Long.toHexString(digest.getValue());
    return version == null ? "\"" + shown + "\"" : "\"" + version + "-" + shown + "\"";
  }

  /**
   * The version that a change expects.
   *
   * @param ifMatch the header; null and {@code *} expect nothing
   * @throws PulsegridException {@code STALE} for one that we never gave
   */
  public static OptionalLong expected(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
      return OptionalLong.empty();
    }
    Matcher ours = OURS.matcher(ifMatch.strip());
    if (!ours.matches()) {
      throw stale();
    }
    return OptionalLong.of(Long.parseLong(ours.group(1)));
  }

  private static PulsegridException stale() {
    return PulsegridException.of(
        FailureCode.STALE,
        "If-Match: the resource has changed; read it again and start from there");
  }
}
