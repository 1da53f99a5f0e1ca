package io.pulsegrid.api.access;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import org.jspecify.annotations.Nullable;

/** Workspaces as callers name them. */
final class WorkspaceNames {
  private WorkspaceNames() {}

  /**
   * The workspace that an administrator asks for, its own where it names none. A team manages its
   * own; only the installation's administrators reach into other workspaces.
   */
  static WorkspaceId ofAdmin(Caller caller, @Nullable String name) {
    if (name == null || name.isBlank() || name.equals(caller.workspace().value())) {
      return caller.workspace();
    }
    WorkspaceId wanted = read("workspace", name);
    if (!ScopeRule.rulesAll(caller)) {
      throw PulsegridException.of(
          FailureCode.FORBIDDEN, "this key administers its own workspace only");
    }
    return wanted;
  }

  static WorkspaceId read(String field, String name) {
    try {
      return new WorkspaceId(name.strip());
    } catch (IllegalArgumentException misnamed) {
      throw PulsegridException.invalid(field, String.valueOf(misnamed.getMessage()));
    }
  }
}
