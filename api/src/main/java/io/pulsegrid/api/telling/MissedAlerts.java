package io.pulsegrid.api.telling;

import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.telling.Alert;
import io.pulsegrid.core.telling.Event;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The alerts that a stream has missed, as the events that they were, read page by page as they are
 * written. The first page is read at once, so that a store that is away is told before anything is.
 */
final class MissedAlerts implements Iterator<Event> {
  private static final int PAGE = 500;

  private final Function<PageRequest, Page<Alert>> pages;
  private Iterator<Alert> read = List.<Alert>of().iterator();
  private @Nullable String next;

  MissedAlerts(Function<PageRequest, Page<Alert>> pages) {
    this.pages = pages;
    read(null);
  }

  @Override
  public boolean hasNext() {
    if (!read.hasNext() && next != null) {
      read(next);
    }
    return read.hasNext();
  }

  @Override
  public Event next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all that was missed has been read");
    }
    Alert alert = read.next().asTold();
    return new Event(alert.id(), alert.workspace(), alert.at(), new Event.Subject.OfAlert(alert));
  }

  private void read(@Nullable String cursor) {
    Page<Alert> page = pages.apply(new PageRequest(PAGE, cursor));
    read = page.items().iterator();
    next = page.next();
  }
}
