package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What all collectors of an API have in common: where they may call, in whose name, within which
 * limits and until when. A platform adds which of its addresses can be read, and what they say.
 */
abstract class ApiCollector implements Collector, EngagementReader {
  private final Reach reach;
  private final Dialect dialect;
  private final List<Set<String>> ways;

  /**
   * @param ways the names of credentials of which one set must be given whole
   */
  ApiCollector(Reach reach, Dialect dialect, List<Set<String>> ways) {
    this.reach = reach;
    this.dialect = dialect;
    this.ways = ways;
  }

  /** What keeps an address from being read, in words; empty if nothing does. */
  abstract Optional<String> objection(URI url);

  /** Reads what is new. */
  abstract Result collect(Call call, Visit visit) throws Stopped;

  /** Asks for counts, all of them in one call or a few. */
  abstract void count(Account account, List<Subject> subjects, Visit visit, Counts counts)
      throws Stopped;

  /** Counts as they come in. */
  static final class Counts {
    private final Map<String, Engagement> byId = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    void put(String nativeId, Engagement engagement) {
      byId.put(nativeId, engagement);
    }

    void gone(String nativeId) {
      gone.add(nativeId);
    }

    /** The platform was asked for all of these at once: what it did not tell is gone. */
    void untoldAreGone(List<Subject> subjects) {
      subjects.stream()
          .map(Subject::nativeId)
          .filter(id -> !byId.containsKey(id))
          .forEach(this::gone);
    }
  }

  @Override
  public final String platform() {
    return kind();
  }

  @Override
  public final List<FieldError> check(Source.Spec spec, Source.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>();
    reach
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
      return collect(
          call,
          new Visit(
              reach, dialect, new Visit.Party(kind(), call.sourceId(), call.credentials(), false)));
    } catch (Stopped stopped) {
      return stopped.result();
    }
  }

  @Override
  public final Answer read(Account account, List<Subject> subjects) {
    Counts counts = new Counts();
    try {
      count(
          account,
          subjects,
          new Visit(
              reach, dialect, new Visit.Party(kind(), account.id(), account.credentials(), true)),
          counts);
    } catch (Stopped stopped) {
      if (counts.byId.isEmpty() && counts.gone.isEmpty()) {
        return answer(stopped.result());
      }
    }
    return new Answer.Counted(counts.byId, counts.gone);
  }

  private static Answer answer(Result result) {
    return switch (result) {
      case Result.Held held -> new Answer.Held(held.detail(), held.until());
      case Result.Failed failed -> new Answer.Failed(failed.detail());
      case Result.Gone gone -> new Answer.Failed(gone.detail());
      case Result.Collected _, Result.NotModified _ ->
          throw new IllegalStateException("a count never ends as " + result);
    };
  }
}
