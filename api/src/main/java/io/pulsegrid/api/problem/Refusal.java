package io.pulsegrid.api.problem;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A problem with the headers that must go with it, such as Retry-After or Allow. */
public record Refusal(Problem problem, Map<String, String> headers) {
  public Refusal {
    headers = Map.copyOf(headers);
  }

  /** A refusal that is not about a field. */
  public static Refusal of(FailureCode code, String detail) {
    return new Refusal(Problem.of(code, detail, List.of()), Map.of());
  }

  static Refusal of(FailureCode code, String detail, List<FieldError> errors) {
    return new Refusal(Problem.of(code, detail, errors), Map.of());
  }

  static Refusal invalid(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return of(FailureCode.INVALID, first.field() + ": " + first.message(), errors);
  }

  /** The same refusal with a header more. */
  public Refusal with(String header, String value) {
    var more = new HashMap<>(headers);
    more.put(header, value);
    return new Refusal(problem, more);
  }
}
