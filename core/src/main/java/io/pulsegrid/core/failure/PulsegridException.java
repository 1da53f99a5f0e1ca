package io.pulsegrid.core.failure;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operational failure: a stable code, a sentence for the caller, and the fields at fault. */
public final class PulsegridException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final transient List<FieldError> errors;
  private final @Nullable Duration retryAfter;

  private PulsegridException(
      FailureCode code,
      @Nullable String message,
      List<FieldError> errors,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  /** A failure without fields. */
  public static PulsegridException of(FailureCode code, String message) {
    return new PulsegridException(code, message, List.of(), null, null);
  }

  /** A failure with the exception that led to it, for the log. */
  public static PulsegridException of(FailureCode code, String message, Throwable cause) {
    return new PulsegridException(code, message, List.of(), null, cause);
  }

  /** An input that cannot be accepted; {@code errors} names each field at fault. */
  public static PulsegridException invalid(List<FieldError> errors) {
    String detail =
        errors.isEmpty()
            ? "the input is invalid"
            : errors.getFirst().field() + ": " + errors.getFirst().message();
    return new PulsegridException(FailureCode.INVALID, detail, errors, null, null);
  }

  /** An input with one field at fault. */
  public static PulsegridException invalid(String field, String message) {
    return invalid(List.of(new FieldError(field, message)));
  }

  /** The resource does not exist, or belongs to another workspace. */
  public static PulsegridException notFound(String what, String id) {
    return of(FailureCode.NOT_FOUND, "no " + what + " " + id);
  }

  /** Too much was asked for at once: the caller should come back after {@code retryAfter}. */
  public static PulsegridException tooFast(String message, Duration retryAfter) {
    return new PulsegridException(FailureCode.RATE_LIMITED, message, List.of(), retryAfter, null);
  }

  /** Not now: the caller should come back after {@code retryAfter}. */
  public static PulsegridException unavailable(String message, Duration retryAfter) {
    return new PulsegridException(FailureCode.UNAVAILABLE, message, List.of(), retryAfter, null);
  }

  /** Not now, because of {@code cause}. */
  public static PulsegridException unavailable(
      String message, Duration retryAfter, Throwable cause) {
    return new PulsegridException(FailureCode.UNAVAILABLE, message, List.of(), retryAfter, cause);
  }

  public FailureCode code() {
    return code;
  }

  /** The fields at fault; empty when the failure is not about a field. */
  public List<FieldError> errors() {
    return errors;
  }

  /** When to come back, for {@link FailureCode#UNAVAILABLE} and the like. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** One that crossed nodes comes without its fields, which are told where they were found. */
  @Serial
  private Object readResolve() {
    var arrived = new PulsegridException(code, getMessage(), List.of(), retryAfter, getCause());
    arrived.setStackTrace(getStackTrace());
    return arrived;
  }
}
