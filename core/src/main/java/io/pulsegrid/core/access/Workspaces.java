package io.pulsegrid.core.access;

import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;

/** The workspaces of an installation. */
public interface Workspaces {
  Page<Workspace> list(PageRequest page);

  /**
   * Makes a workspace.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code CONFLICT} if it exists
   */
  Workspace create(WorkspaceId id);
}
