package io.pulsegrid.node.grid.security;

import io.pulsegrid.core.access.ApiKey;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keys in memory: pg_read, pg_write and pg_admin of the default workspace, pg_other of another. */
final class FewKeys implements Keys {
  private final Map<String, Caller> known = new ConcurrentHashMap<>();

  FewKeys() {
    know("pg_read", WorkspaceId.DEFAULT, Scope.READ);
    know("pg_write", WorkspaceId.DEFAULT, Scope.WRITE);
    know("pg_admin", WorkspaceId.DEFAULT, Scope.ADMIN);
    know("pg_other", new WorkspaceId("other"), Scope.ADMIN);
    know("pg_gone", WorkspaceId.DEFAULT, Scope.ADMIN);
  }

  private void know(String token, WorkspaceId workspace, Scope scope) {
    known.put(token, new Caller("id-of-" + token, workspace, Set.of(scope)));
  }

  void forget(String token) {
    known.remove(token);
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return Optional.ofNullable(known.get(token));
  }

  @Override
  public ApiKey.Made create(String name, Set<Scope> scopes, WorkspaceId workspace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ApiKey.Made rotate(WorkspaceId workspace, String keyId, Duration overlap) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Page<ApiKey> list(WorkspaceId workspace, PageRequest page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(WorkspaceId workspace, String keyId) {
    throw new UnsupportedOperationException();
  }
}
