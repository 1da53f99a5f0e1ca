package io.pulsegrid.core.access;

import java.time.Instant;

/** A workspace as it is listed. */
public record Workspace(WorkspaceId id, Instant createdAt) {}
