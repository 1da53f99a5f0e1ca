package io.pulsegrid.api.telling;

import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.EventKind;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Events as a stream carries them. All who listen are told the same events at about the same time,
 * so each of the latest is put into words once, not once for every listener. Safe for many threads.
 */
final class EventFrames {
  private static final int LATEST = 64;

  private final EventBody body;
  private final AtomicReferenceArray<@Nullable Frame> latest = new AtomicReferenceArray<>(LATEST);

  private record Frame(Event event, String text) {}

  EventFrames(EventBody body) {
    this.body = body;
  }

  String of(Event event) {
    int place = Math.floorMod(event.id().hashCode(), LATEST);
    @Nullable Frame known = latest.get(place);
    // All of it: one told again under its id may say something else.
    if (known == null || !known.event().equals(event)) {
      known = new Frame(event, write(event));
      latest.set(place, known);
    }
    return known.text();
  }

  private String write(Event event) {
    return "id: "
        + event.id()
        + "\nevent: "
        + EventKind.of(event.subject()).label()
        + "\ndata: "
        + body.of(event.subject())
        + "\n\n";
  }
}
