package io.pulsegrid.api.call;

import io.pulsegrid.api.problem.Refusals;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.validation.DataBinder;
import org.springframework.validation.Validator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads what calls bring, by the same rules as over HTTP, and writes what they are told. */
@Component
final class Bodies {
  private final JsonMapper json;
  private final Validator validator;

  Bodies(JsonMapper json, @Qualifier("mvcValidator") Validator validator) {
    this.json = json;
    this.validator = validator;
  }

  /**
   * Reads and checks a body.
   *
   * @throws PulsegridException {@code TOO_LARGE}, {@code MALFORMED} or {@code INVALID}
   */
  <B> B read(Offer<B> offer, byte[] written) {
    if (written.length > offer.largest()) {
      throw PulsegridException.of(
          FailureCode.TOO_LARGE,
          "the body of " + offer.name() + " may have " + offer.largest() + " bytes");
    }
    if (offer.body() == byte[].class) {
      return offer.body().cast(written);
    }
    B body;
    try {
      body = json.readValue(written, offer.body());
    } catch (JacksonException unreadable) {
      throw Refusals.unreadableBody(unreadable);
    }
    if (body == null) {
      throw PulsegridException.of(FailureCode.MALFORMED, "the body must be an object");
    }
    DataBinder binder = new DataBinder(body, "body");
    binder.setValidator(validator);
    binder.validate();
    if (binder.getBindingResult().hasErrors()) {
      throw PulsegridException.invalid(Refusals.fields(binder.getBindingResult()));
    }
    return body;
  }

  byte[] write(Object told) {
    return json.writeValueAsBytes(told);
  }
}
