package io.pulsegrid.api.problem;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * What is wrong with a JSON body: a place for broken syntax, a field for everything else. Values
 * are never repeated, since they may be secrets.
 */
final class UnreadableJson {
  private UnreadableJson() {}

  static Refusal refusal(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          field(unknown, "is not known here" + known(unknown.getKnownPropertyIds()));
      case InvalidFormatException bad when bad.getTargetType() == String.class ->
          field(bad, bad.getOriginalMessage());
      case MismatchedInputException bad when bad.getPath().isEmpty() ->
          Refusal.of(FailureCode.MALFORMED, "the body must be " + wanted(bad.getTargetType()));
      case MismatchedInputException bad -> field(bad, "must be " + wanted(bad.getTargetType()));
      case JacksonException bad when !bad.getPath().isEmpty() && !isSyntax(bad) ->
          field(bad, "must be a whole number within range");
      case JacksonException broken ->
          Refusal.of(FailureCode.MALFORMED, "the body is not JSON" + place(broken.getLocation()));
      case null, default ->
          Refusal.of(FailureCode.MALFORMED, "a JSON body is required and could not be read");
    };
  }

  private static boolean isSyntax(JacksonException cause) {
    return cause instanceof StreamReadException && !(cause instanceof InputCoercionException);
  }

  private static Refusal field(JacksonException cause, String message) {
    return Refusal.invalid(List.of(new FieldError(path(cause), message)));
  }

  private static String path(JacksonException cause) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : cause.getPath()) {
      @Nullable String name = step.getPropertyName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.toString();
  }

  private static String known(@Nullable Collection<?> names) {
    return names == null || names.isEmpty()
        ? ""
        : "; known are "
            + names.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }

  private static String wanted(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
      return "a whole number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String place(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
