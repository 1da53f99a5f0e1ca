package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.RecurringPosts;
import io.pulsegrid.core.publish.Series;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Series in memory; each comes next at its first time, whatever its rule. */
public final class FakeSeries implements RecurringPosts {
  private static final LocalDateTime NEXT = LocalDateTime.parse("2027-03-28T02:30");

  private final Map<String, Series> series = new LinkedHashMap<>();

  @Override
  public synchronized Series.Outlook begin(WorkspaceId workspace, Series.Plan plan) {
    if (!plan.rule().startsWith("FREQ=")) {
      throw PulsegridException.invalid("when.repeat", "must be the value of an RRULE");
    }
    return put(
        new Series("s" + (series.size() + 1), workspace, plan, false, null, 1, FakePublishing.NOW));
  }

  @Override
  public synchronized Optional<Series.Outlook> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(series.get(id))
        .filter(one -> one.workspace().equals(workspace))
        .map(one -> new Series.Outlook(one, List.of(NEXT)));
  }

  @Override
  public synchronized Page<Series> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        series.values().stream().filter(one -> one.workspace().equals(workspace)).toList(), page);
  }

  @Override
  public synchronized Series.Outlook replace(
      WorkspaceId workspace, String id, Series.Plan plan, OptionalLong expectedVersion) {
    Series old = open(workspace, id, expectedVersion);
    return put(changed(old, plan, false));
  }

  @Override
  public synchronized void end(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Series old = open(workspace, id, expectedVersion);
    put(changed(old, old.plan(), true));
  }

  private Series open(WorkspaceId workspace, String id, OptionalLong expected) {
    Series old =
        find(workspace, id).orElseThrow(() -> PulsegridException.notFound("series", id)).series();
    if (expected.isPresent() && expected.getAsLong() != old.version()) {
      throw PulsegridException.of(FailureCode.STALE, "the series has changed");
    }
    if (old.ended()) {
      throw PulsegridException.of(FailureCode.CONFLICT, "the series has ended");
    }
    return old;
  }

  private Series.Outlook put(Series one) {
    series.put(one.id(), one);
    return new Series.Outlook(one, List.of(NEXT));
  }

  private static Series changed(Series old, Series.Plan plan, boolean ended) {
    return new Series(
        old.id(), old.workspace(), plan, ended, null, old.version() + 1, old.createdAt());
  }
}
