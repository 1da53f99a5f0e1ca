package io.pulsegrid.connectors.http;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What asking an address brought. */
public sealed interface Fetched {
  /**
   * An answer, read to its end and unpacked. A class and not a record, because bytes have no value
   * equality.
   */
  final class Answer implements Fetched {
    private final int status;
    private final Place place;
    private final HttpHeaders headers;
    private final byte[] body;
    private final @Nullable Duration retryAfter;

    Answer(
        int status, Place place, HttpHeaders headers, byte[] body, @Nullable Duration retryAfter) {
      this.status = status;
      this.place = place;
      this.headers = headers;
      this.body = body;
      this.retryAfter = retryAfter;
    }

    public int status() {
      return status;
    }

    /** Where the answer came from, after all redirects. */
    public URI url() {
      return place.url();
    }

    /**
     * The address that the permanent redirects (301, 308) before any temporary one led to; null if
     * there was none.
     */
    public @Nullable URI movedTo() {
      return place.movedTo();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** The bytes themselves, not a copy: not to be changed. */
    public byte[] body() {
      return body;
    }

    /** The same as a platform's answer, its body read as JSON. */
    public Heard heard() {
      return Heard.of(status, headers, body);
    }

    /** How long the server asked to be left alone; null if it did not. */
    public @Nullable Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * No answer that can be used.
   *
   * @param detail what happened, in one sentence for the operator
   */
  record NoAnswer(String detail) implements Fetched {}
}
