package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.LimitedScope;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.wire.ScopeChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scopes that are not begun, or lack a window, made ready together and asked on the way, by the
 * rules of {@link ScopeCache}: a few statements and two round trips for however many there are, as
 * after a cold start. For one use.
 */
final class Openings {
  private final ScopeCache scopes;
  private final LimitHistory history;
  private final String action;
  private final Instant now;

  /** What each scope is told, the question last where it may be asked already. */
  private final Map<LimitScope, List<ScopeChange>> changes = new HashMap<>();

  private final Map<LimitScope, ScopeCache.Answer> answers = new HashMap<>();

  /** What is asked of a scope once it is ready. */
  record Question(List<WindowRule> rules, ScopeChange.Grant grant) {}

  Openings(ScopeCache scopes, LimitHistory history, String action, Instant now) {
    this.scopes = scopes;
    this.history = history;
    this.action = action;
    this.now = now;
  }

  /**
   * Makes them ready and asks; those that cannot be reached, or were lost again meanwhile, are
   * absent.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code UNAVAILABLE} when the store or the
   *     grid does not answer
   */
  Map<LimitScope, ScopeCache.Answer> ask(Map<LimitScope, Question> questions) {
    Map<LimitScope, Instant> openFrom = new HashMap<>(scopes.openFrom(questions.keySet()));
    begin(questions.keySet().stream().filter(one -> !openFrom.containsKey(one)).toList(), openFrom);
    Map<LimitScope, Instant> open = new HashMap<>();
    openFrom.forEach(
        (scope, from) -> {
          if (from.isAfter(now)) {
            answers.put(scope, new ScopeCache.Answer(0, from, Instant.MIN));
          } else {
            open.put(scope, from);
          }
        });
    cover(open, questions);
    Map<LimitScope, ScopeChange> together = new HashMap<>();
    changes.forEach((scope, ofScope) -> together.put(scope, new ScopeChange.Several(ofScope)));
    scopes
        .changeAll(together)
        .forEach(
            (scope, said) -> {
              if (open.containsKey(scope) && said.length > 0) {
                answers.put(scope, ScopeCache.Answer.of(said));
              }
            });
    return answers;
  }

  private void begin(Collection<LimitScope> unknown, Map<LimitScope, Instant> openFrom) {
    if (unknown.isEmpty()) {
      return;
    }
    Map<LimitScope, Duration> noted = history.beginAll(unknown);
    Map<LimitScope, Instant> ours = new HashMap<>();
    for (LimitScope scope : unknown) {
      Duration age = noted.get(scope);
      if (age != null && age.compareTo(ScopeCache.BEGINS_WITHIN) < 0) {
        // New, and another node is about to begin it: taken for lost, it would stay closed.
        openFrom.put(scope, now.plus(ScopeCache.ASKED_AGAIN));
      } else {
        ours.put(scope, ScopeCache.opensAt(now, age));
      }
    }
    openFrom.putAll(ours);
    // A crash after the note and before the beginning: whoever comes next takes a new scope for a
    // lost one, and waits a little in vain.
    Map<LimitScope, LimitedScope.Block> blocks = history.blocks(ours.keySet());
    ours.forEach((scope, from) -> tell(scope, new ScopeChange.Begin(from, blocks.get(scope))));
  }

  private void cover(Map<LimitScope, Instant> open, Map<LimitScope, Question> questions) {
    if (open.isEmpty()) {
      return;
    }
    Duration reach =
        questions.values().stream()
            .flatMap(question -> question.rules().stream())
            .map(WindowRule::window)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    Map<LimitScope, List<Instant>> ends =
        reach.isZero() ? Map.of() : history.endsAll(open.keySet(), action, reach);
    questions.forEach(
        (scope, question) -> {
          Instant from = open.get(scope);
          if (from != null) {
            List<Instant> known = ends.getOrDefault(scope, List.of());
            // Of one that somebody else began meanwhile this covers nothing: the next try tells.
            tell(scope, new ScopeChange.Cover(from, action, question.rules(), known));
            tell(scope, question.grant());
          }
        });
  }

  private void tell(LimitScope scope, ScopeChange change) {
    changes.computeIfAbsent(scope, _ -> new ArrayList<>()).add(change);
  }
}
