package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What all collectors of an API have in common: where they may call, and what they need for it. A
 * platform adds which of its addresses can be read, and what they say.
 */
abstract class ApiCollector extends ApiReader implements Collector {
  private final List<Set<String>> ways;

  /**
   * @param ways the names of credentials of which one set must be given whole
   */
  ApiCollector(Reach reach, Dialect dialect, List<Set<String>> ways) {
    super(reach, dialect);
    this.ways = ways;
  }

  /** What keeps an address from being read, in words; empty if nothing does. */
  abstract Optional<String> objection(URI url);

  /** Reads what is new. */
  abstract Result collect(Call call, Visit visit) throws Stopped;

  @Override
  public final String platform() {
    return kind();
  }

  @Override
  public final List<FieldError> check(Source.Spec spec, Source.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>();
    reach()
        .web()
        .refusal(spec.url())
        .or(() -> objection(spec.url()))
        .ifPresent(why -> errors.add(new FieldError("url", why)));
    errors.addAll(Secrets.faults(credentials, ways));
    return errors;
  }

  @Override
  public final Result collect(Call call) {
    try {
      return collect(call, visit(call.sourceId(), call.credentials(), false));
    } catch (Stopped stopped) {
      return stopped.result();
    }
  }
}
