package io.pulsegrid.api.access;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;

/** Workspaces as callers name them. */
final class WorkspaceNames {
  private WorkspaceNames() {}

  static WorkspaceId read(String field, String name) {
    try {
      return new WorkspaceId(name.strip());
    } catch (IllegalArgumentException misnamed) {
      throw PulsegridException.invalid(field, String.valueOf(misnamed.getMessage()));
    }
  }
}
