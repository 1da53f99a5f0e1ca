package io.pulsegrid.api.problem;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.BindException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.ObjectError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** The refusal behind each exception, ours and Spring's. */
public final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  /** Never fails; what nobody foresaw is logged here and told without its text. */
  public static Refusal of(Throwable failure) {
    return switch (failure) {
      case PulsegridException ours -> ours(ours);
      case HttpMessageNotReadableException unreadable ->
          UnreadableJson.refusal(unreadable.getCause());
      case BindException invalid -> Refusal.invalid(fields(invalid.getBindingResult()));
      case MissingServletRequestParameterException missing ->
          Refusal.invalid(List.of(new FieldError(missing.getParameterName(), "is required")));
      case MethodArgumentTypeMismatchException wrong ->
          Refusal.invalid(List.of(new FieldError(wrong.getName(), wanted(wrong))));
      case HttpRequestMethodNotSupportedException wrong -> methodNotAllowed(wrong);
      case HttpMediaTypeNotSupportedException wrong -> unsupported(wrong);
      case HttpMediaTypeNotAcceptableException wrong ->
          generic(
              406,
              "not-acceptable",
              "this resource is given as " + MediaType.toString(wrong.getSupportedMediaTypes()));
      case NoResourceFoundException missing ->
          Refusal.of(FailureCode.NOT_FOUND, "nothing is at /" + missing.getResourcePath());
      case NoHandlerFoundException missing ->
          Refusal.of(FailureCode.NOT_FOUND, "nothing is at " + missing.getRequestURL());
      case RequestRejectedException _ ->
          Refusal.of(
              FailureCode.MALFORMED, "the request holds characters that are not allowed there");
      case ErrorResponse spring when spring.getStatusCode().is4xxClientError() ->
          status(spring.getStatusCode().value());
      // Broken chunks or a caller who hung up: our own parts fail with PulsegridException.
      case IOException _ -> Refusal.of(FailureCode.MALFORMED, "the request ended too early");
      case HttpMessageNotWritableException cut when isOfTheWire(cut) ->
          Refusal.of(FailureCode.MALFORMED, "the caller hung up before the answer was told");
      default -> {
        log.error("A request failed for a reason nobody foresaw; the caller was told 500", failure);
        yield status(500);
      }
    };
  }

  /** What is wrong with a part of a JSON body; led by no field where it is wrong as a whole. */
  public static List<FieldError> unreadable(JacksonException cause) {
    Problem problem = UnreadableJson.refusal(cause).problem();
    return problem.errors().isEmpty()
        ? List.of(new FieldError("", problem.detail()))
        : problem.errors();
  }

  /** Why a JSON body that did not come by HTTP is refused. */
  public static PulsegridException unreadableBody(JacksonException cause) {
    Problem problem = UnreadableJson.refusal(cause).problem();
    return problem.errors().isEmpty()
        ? PulsegridException.of(FailureCode.MALFORMED, problem.detail())
        : PulsegridException.invalid(problem.errors());
  }

  /** The refusal that says no more than a status. */
  public static Refusal status(int status) {
    return switch (status) {
      case 400 -> Refusal.of(FailureCode.MALFORMED, "the request cannot be understood");
      case 401 -> Refusal.of(FailureCode.UNAUTHENTICATED, "a key is required");
      case 403 -> Refusal.of(FailureCode.FORBIDDEN, "this is not allowed");
      case 404 -> Refusal.of(FailureCode.NOT_FOUND, "nothing is here");
      case 413 -> Refusal.of(FailureCode.TOO_LARGE, "the request is too large");
      case 429 ->
          Refusal.of(FailureCode.RATE_LIMITED, "this key asks too fast; come back in a moment");
      case 503 -> Refusal.of(FailureCode.UNAVAILABLE, "not now; try again in a moment");
      default ->
          status >= 400 && status < 500
              ? generic(status, "refused", "the request was refused")
              : Refusal.of(
                  FailureCode.INTERNAL,
                  "something failed inside; the node's log says what, and trying again may help");
    };
  }

  private static Refusal ours(PulsegridException failure) {
    if (failure.code() == FailureCode.INTERNAL) {
      log.error("A request failed inside; the caller was told 500", failure);
    }
    String detail = failure.getMessage() == null ? failure.code().code() : failure.getMessage();
    Refusal refusal = Refusal.of(failure.code(), detail, failure.errors());
    return failure
        .retryAfter()
        .map(wait -> refusal.with("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))))
        .orElse(refusal);
  }

  private static Refusal methodNotAllowed(HttpRequestMethodNotSupportedException wrong) {
    String[] supported = wrong.getSupportedMethods();
    String allowed = supported == null ? "" : String.join(", ", supported);
    return generic(
            405,
            "method-not-allowed",
            wrong.getMethod() + " is not possible here; possible are " + allowed)
        .with("Allow", allowed);
  }

  private static Refusal unsupported(HttpMediaTypeNotSupportedException wrong) {
    String accepted = MediaType.toString(wrong.getSupportedMediaTypes());
    return Refusal.of(FailureCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be one of " + accepted)
        .with("Accept", accepted);
  }

  /** Whether a connection broke, rather than our own words. */
  private static boolean isOfTheWire(Throwable failure) {
    Throwable at = failure;
    while (at != null && !(at instanceof IOException)) {
      at = at.getCause();
    }
    return at != null;
  }

  private static Refusal generic(int status, String code, String detail) {
    return new Refusal(Problem.of(status, code, detail, List.of()), Map.of());
  }

  /** What is wrong with an object that a validator looked at, in the order of its fields. */
  public static List<FieldError> fields(BindingResult result) {
    List<String> order = components(result.getTarget());
    return result.getAllErrors().stream()
        .sorted(Comparator.comparingInt(error -> place(error, order)))
        .map(
            error ->
                error instanceof org.springframework.validation.FieldError field
                    ? new FieldError(
                        path(field.getField()), field.isBindingFailure() ? NUMBER : message(field))
                    : new FieldError(error.getObjectName(), message(error)))
        .toList();
  }

  private static List<String> components(@Nullable Object target) {
    return target instanceof Record
        ? Arrays.stream(target.getClass().getRecordComponents())
            .map(RecordComponent::getName)
            .toList()
        : List.of();
  }

  /** A validator tells what it found in no order of its own. */
  private static int place(ObjectError error, List<String> order) {
    int place =
        error instanceof org.springframework.validation.FieldError field
            ? order.indexOf(field.getField().split("[.\\[]", 2)[0])
            : -1;
    return place < 0 ? order.size() : place;
  }

  /** As our own checks name it: {@code variants.mastodon.text}, but {@code channels[1]}. */
  private static String path(String field) {
    return MAP_KEY.matcher(field).replaceAll(".$1");
  }

  private static final Pattern MAP_KEY = Pattern.compile("\\[([^\\]\\d][^\\]]*)\\]");
  private static final String NUMBER = "must be a whole number";

  private static String message(org.springframework.context.MessageSourceResolvable error) {
    String message = error.getDefaultMessage();
    return message == null ? "is invalid" : message;
  }

  private static String wanted(MethodArgumentTypeMismatchException wrong) {
    Class<?> type = wrong.getRequiredType();
    if (type == null) {
      return "is of the wrong type";
    }
    return type == boolean.class || type == Boolean.class
        ? "must be true or false"
        : type.isPrimitive() || Number.class.isAssignableFrom(type)
            ? NUMBER
            : "must be a " + type.getSimpleName().toLowerCase(Locale.ROOT);
  }
}
