package io.pulsegrid.node.grid.security;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import org.apache.ignite.plugin.security.SecurityPermission;
import org.jspecify.annotations.Nullable;

/**
 * What a key may do over Ignite's own protocol besides calling our service: administer the grid,
 * with an admin key of the default workspace. Nothing else: no key reads, writes, makes or destroys
 * a cache, runs tasks of its own, deploys, or calls another service.
 */
final class Permits {
  private Permits() {}

  /**
   * Whether it is allowed.
   *
   * @param name the service, cache or task it is about; null for the grid as a whole
   */
  static boolean allows(Caller caller, @Nullable String name, SecurityPermission wanted) {
    return administers(caller) && isAdministration(name, wanted);
  }

  /** Whether a key is an administrator's of the whole grid. */
  static boolean administers(Caller caller) {
    return caller.may(Scope.ADMIN) && caller.workspace().equals(WorkspaceId.DEFAULT);
  }

  /** Whether an administrator may do it. */
  static boolean isAdministration(@Nullable String name, SecurityPermission wanted) {
    return switch (wanted) {
      case ADMIN_VIEW,
          ADMIN_QUERY,
          ADMIN_CACHE,
          ADMIN_OPS,
          ADMIN_KILL,
          ADMIN_METADATA_OPS,
          ADMIN_READ_DISTRIBUTED_PROPERTY,
          ADMIN_WRITE_DISTRIBUTED_PROPERTY,
          ADMIN_CLUSTER_STATE ->
          true;
      // What Ignite's own commands run; tasks of others it does not take from programs at all.
      case TASK_EXECUTE, TASK_CANCEL ->
          name != null && name.startsWith("org.apache.ignite.internal.");
      case CACHE_READ,
          CACHE_PUT,
          CACHE_REMOVE,
          CACHE_CREATE,
          CACHE_DESTROY,
          EVENTS_ENABLE,
          EVENTS_DISABLE,
          ADMIN_USER_ACCESS,
          SERVICE_DEPLOY,
          SERVICE_CANCEL,
          SERVICE_INVOKE,
          JOIN_AS_SERVER,
          ADMIN_SNAPSHOT,
          ADMIN_CLUSTER_NODE_START,
          ADMIN_CLUSTER_NODE_STOP,
          REFRESH_STATISTICS,
          CHANGE_STATISTICS,
          SQL_VIEW_CREATE,
          SQL_VIEW_DROP ->
          false;
    };
  }
}
