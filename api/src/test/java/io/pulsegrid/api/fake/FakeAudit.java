package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** The audit in memory. */
public final class FakeAudit implements Audit {
  private static final Instant AT = Instant.parse("2026-10-01T00:00:00Z");

  private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();
  private volatile boolean away;

  /** As if the store were away, or were back. */
  public void away(boolean gone) {
    away = gone;
  }

  @Override
  public synchronized long begin(Change change) {
    if (away) {
      throw PulsegridException.unavailable("the store is away", Duration.ofSeconds(1));
    }
    long id = entries.isEmpty() ? 1 : entries.lastKey() + 1;
    entries.put(id, new Entry(id, AT, change, "name of " + change.keyId(), null, ""));
    return id;
  }

  @Override
  public void end(long entry, int status, String subject) {
    if (status >= 400 && status < 500) {
      entries.remove(entry);
    } else {
      entries.computeIfPresent(
          entry,
          (id, known) ->
              new Entry(id, known.at(), known.change(), known.keyName(), status, subject));
    }
  }

  @Override
  public Page<Entry> list(WorkspaceId workspace, PageRequest page) {
    List<Entry> own =
        entries.descendingMap().values().stream()
            .filter(entry -> entry.change().workspace().equals(workspace))
            .toList();
    return Cut.of(own, page);
  }
}
