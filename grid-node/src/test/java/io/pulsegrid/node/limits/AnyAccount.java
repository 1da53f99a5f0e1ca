package io.pulsegrid.node.limits;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A platform that takes every channel and is never called. */
final class AnyAccount implements Publisher {
  static final String PLATFORM = "anywhere";

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
    return List.of();
  }

  @Override
  public List<Measure> measure(Channel.Spec spec, String text) {
    return List.of();
  }

  @Override
  public List<FieldError> check(Channel.Spec spec, String text) {
    return List.of();
  }

  @Override
  public Identity identify(Channel.Spec spec, Channel.Credentials credentials, Deadline deadline) {
    return new Identity.Unknown("never called");
  }

  @Override
  public Answer publish(Call call) {
    return new Answer(new Outcome.Transient(0, "never called"), null);
  }

  @Override
  public Probe probe(Call call, Instant firstCallAt, Set<String> claimed) {
    return new Probe.Unknown("never called");
  }
}
