package io.pulsegrid.core.failure;

import java.util.Locale;

/**
 * Every way an operation can fail that a caller may want to act on. The REST problem's {@code code}
 * is {@link #code()}, its status {@link #httpStatus()}; retry policies ask {@link #retryable()}.
 */
public enum FailureCode {
  MALFORMED(400, false),
  UNAUTHENTICATED(401, false),
  FORBIDDEN(403, false),
  NOT_FOUND(404, false),
  CONFLICT(409, false),
  IN_FLIGHT(409, true),
  STALE(412, false),
  TOO_LARGE(413, false),
  UNSUPPORTED_MEDIA_TYPE(415, false),
  INVALID(422, false),
  IDEMPOTENCY_KEY_REUSED(422, false),
  RATE_LIMITED(429, true),
  INTERNAL(500, false),
  UNAVAILABLE(503, true);

  private final int httpStatus;
  private final boolean retryable;

  FailureCode(int httpStatus, boolean retryable) {
    this.httpStatus = httpStatus;
    this.retryable = retryable;
  }

  /** The stable, lower-case name that outsiders see, such as {@code idempotency-key-reused}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The HTTP status that carries this failure. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whether the same call may succeed later without a change by the caller. */
  public boolean retryable() {
    return retryable;
  }
}
