package io.pulsegrid.node.telling;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.Event;

/** Where whatever happens is told. Never blocks and never throws; safe for many threads. */
@FunctionalInterface
public interface EventSink {
  void tell(WorkspaceId workspace, Event.Subject subject);

  /** Tells what has an id already, so that whoever hears it again recognises it. */
  default void tellAs(String id, WorkspaceId workspace, Event.Subject subject) {
    tell(workspace, subject);
  }
}
