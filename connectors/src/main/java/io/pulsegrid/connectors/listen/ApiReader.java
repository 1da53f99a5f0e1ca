package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.limits.Dialect;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all who read an API's engagement have in common: in whose name, within which limits and
 * until when. A platform adds what it is asked, and what it says.
 */
abstract class ApiReader implements EngagementReader {
  private final Reach reach;
  private final Dialect dialect;

  ApiReader(Reach reach, Dialect dialect) {
    this.reach = reach;
    this.dialect = dialect;
  }

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
  public final Answer read(Account account, List<Subject> subjects) {
    Counts counts = new Counts();
    try {
      count(account, subjects, visit(account.id(), account.credentials(), true), counts);
    } catch (Stopped stopped) {
      if (counts.byId.isEmpty() && counts.gone.isEmpty()) {
        return answer(stopped.result());
      }
    }
    return new Answer.Counted(counts.byId, counts.gone);
  }

  final Reach reach() {
    return reach;
  }

  /**
   * A visit of the platform.
   *
   * @param id the source or channel on whose behalf
   * @param patient whether it leaves half of each limit to those that cannot wait
   */
  final Visit visit(String id, Source.Credentials credentials, boolean patient) {
    return new Visit(reach, dialect, new Visit.Party(platform(), id, credentials, patient));
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
