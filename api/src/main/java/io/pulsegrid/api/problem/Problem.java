package io.pulsegrid.api.problem;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** A refusal as the caller reads it (RFC 9457). */
@Schema(description = "A refusal (RFC 9457)")
public record Problem(
    @Schema(example = "urn:pulsegrid:problem:invalid") URI type,
    @Schema(example = "Invalid") String title,
    @Schema(example = "422") int status,
    @Schema(example = "when.zone: is not a time zone, such as Europe/Paris; was Mars/Base")
        String detail,
    @Schema(description = "stable; switch on this one", example = "invalid") String code,
    @Schema(description = "the fields at fault, as the caller wrote them")
        List<FieldError> errors) {
  public Problem {
    errors = List.copyOf(errors);
  }

  static Problem of(FailureCode code, String detail, List<FieldError> errors) {
    return of(code.httpStatus(), code.code(), detail, errors);
  }

  static Problem of(int status, String code, String detail, List<FieldError> errors) {
    String title = code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1);
    return new Problem(
        URI.create("urn:pulsegrid:problem:" + code),
        title.replace('-', ' '),
        status,
        detail,
        code,
        errors);
  }
}
