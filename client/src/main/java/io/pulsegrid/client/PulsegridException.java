package io.pulsegrid.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed, in the words of REST: the same codes, statuses and fields. Codes a program
 * may meet: {@code malformed}, {@code unauthenticated}, {@code forbidden}, {@code not-found},
 * {@code conflict}, {@code in-flight}, {@code stale}, {@code too-large}, {@code invalid}, {@code
 * idempotency-key-reused}, {@code rate-limited}, {@code internal}, {@code unavailable}. Those that
 * may pass by themselves were tried again until the patience of the connection was over.
 */
public final class PulsegridException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String UNAVAILABLE = "unavailable";

  private final String code;
  private final int status;
  private final transient List<FieldError> errors;
  private final @Nullable Duration retryAfter;

  PulsegridException(
      String code,
      int status,
      String message,
      List<FieldError> errors,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.status = status;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  static PulsegridException of(String code, int status, String message, Throwable cause) {
    return new PulsegridException(code, status, message, List.of(), null, cause);
  }

  /** Stable; switch on this one. */
  public String code() {
    return code;
  }

  /** The HTTP status that stands for the code. */
  public int status() {
    return status;
  }

  /** The fields at fault; empty where it is not about a field. */
  public List<FieldError> errors() {
    return errors == null ? List.of() : errors;
  }

  /** When the grid said to come back. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the same call may succeed later. */
  public boolean mayPass() {
    return code.equals(UNAVAILABLE) || code.equals("rate-limited") || code.equals("in-flight");
  }
}
