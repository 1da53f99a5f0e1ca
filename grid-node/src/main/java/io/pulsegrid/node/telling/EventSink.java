package io.pulsegrid.node.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;
import java.util.List;

/** Where whatever happens is told. Never blocks and never throws; safe for many threads. */
@FunctionalInterface
public interface EventSink {
  void tell(WorkspaceId workspace, Event.Subject subject);

  /** Tells what has an id already, so that whoever hears it again recognises it. */
  default void tellAs(String id, WorkspaceId workspace, Event.Subject subject) {
    tell(workspace, subject);
  }

  /** Tells several of one workspace, in this order; as few messages to other nodes as go. */
  default void tellAll(WorkspaceId workspace, List<? extends Event.Subject> subjects) {
    subjects.forEach(subject -> tell(workspace, subject));
  }

  /** One that has an id already. */
  record Named(String id, WorkspaceId workspace, Event.Subject subject) {}

  /** Tells several that have ids already, in this order. */
  default void tellAllAs(List<Named> events) {
    events.forEach(event -> tellAs(event.id(), event.workspace(), event.subject()));
  }
}
