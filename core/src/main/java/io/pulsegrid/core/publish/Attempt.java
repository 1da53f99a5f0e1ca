package io.pulsegrid.core.publish;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One call to a platform and what it came to; appended, never changed.
 *
 * @param outcome the outcome's class in lower case: accepted, rejected, throttled, unauthorized,
 *     transient, ambiguous; or probed, swept, confirmed for what was learnt without a publish call
 * @param fence the fence it was armed with
 * @param next what follows, in one sentence
 */
public record Attempt(
    int number,
    Instant startedAt,
    Instant endedAt,
    String node,
    long fence,
    String outcome,
    int httpStatus,
    String detail,
    String next) {
  private static final Set<String> MAY_HAVE_PUBLISHED = Set.of("accepted", "ambiguous", "swept");

  /**
   * When that was sent which is on the platform now: the start of the last call that was taken or
   * may have been.
   *
   * @param attempts in their order
   * @param dueAt what is taken where no call is known
   */
  public static Instant sentAt(List<Attempt> attempts, Instant dueAt) {
    return attempts.stream()
        .filter(attempt -> MAY_HAVE_PUBLISHED.contains(attempt.outcome()))
        .map(Attempt::startedAt)
        .reduce(dueAt, (_, later) -> later);
  }
}
