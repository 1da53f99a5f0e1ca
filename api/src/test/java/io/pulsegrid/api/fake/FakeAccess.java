package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.ApiKey;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Idempotency;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.Workspace;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.access.Workspaces;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Keys, workspaces and idempotency in memory. */
public final class FakeAccess implements Keys, Idempotency {
  private static final Instant EPOCH = Instant.parse("2026-10-01T00:00:00Z");

  private final Map<String, ApiKey> byToken = new LinkedHashMap<>();
  private final Map<WorkspaceId, Workspace> workspaces = new LinkedHashMap<>();
  private final Map<String, Kept> answers = new ConcurrentHashMap<>();
  private int made;

  private record Kept(String hash, Answer answer) {}

  public FakeAccess() {
    workspaces.put(WorkspaceId.DEFAULT, new Workspace(WorkspaceId.DEFAULT, EPOCH));
  }

  /** Adds a key whose token is known, for tests to call with. */
  public synchronized void know(String token, WorkspaceId workspace, Scope... scopes) {
    workspaces.computeIfAbsent(workspace, id -> new Workspace(id, EPOCH));
    byToken.put(
        token,
        new ApiKey("key-" + token, token, workspace, Set.copyOf(Arrays.asList(scopes)), EPOCH));
  }

  @Override
  public synchronized Optional<Caller> authenticate(String token) {
    return Optional.ofNullable(byToken.get(token))
        .map(key -> new Caller(key.id(), key.workspace(), key.scopes()));
  }

  @Override
  public synchronized ApiKey.Made create(String name, Set<Scope> scopes, WorkspaceId workspace) {
    if (!workspaces.containsKey(workspace)) {
      throw PulsegridException.invalid("workspace", "is not known");
    }
    String token = "pg_made_" + ++made;
    ApiKey key = new ApiKey("k" + made, name, workspace, scopes, EPOCH);
    byToken.put(token, key);
    return new ApiKey.Made(key, token);
  }

  @Override
  public synchronized ApiKey.Made rotate(WorkspaceId workspace, String keyId, Duration overlap) {
    ApiKey key =
        byToken.values().stream()
            .filter(one -> one.id().equals(keyId) && one.workspace().equals(workspace))
            .findFirst()
            .orElseThrow(() -> PulsegridException.notFound("key", keyId));
    if (overlap.isZero()) {
      byToken.values().removeIf(key::equals);
    }
    String token = "pg_made_" + ++made;
    byToken.put(token, key);
    return new ApiKey.Made(key, token);
  }

  @Override
  public synchronized Page<ApiKey> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        byToken.values().stream().filter(key -> key.workspace().equals(workspace)).toList(), page);
  }

  @Override
  public synchronized void delete(WorkspaceId workspace, String keyId) {
    List<String> administrators =
        byToken.values().stream()
            .filter(key -> key.workspace().equals(WorkspaceId.DEFAULT))
            .filter(key -> key.scopes().contains(Scope.ADMIN))
            .map(ApiKey::id)
            .toList();
    if (workspace.equals(WorkspaceId.DEFAULT) && administrators.equals(List.of(keyId))) {
      throw PulsegridException.of(FailureCode.CONFLICT, "this is the last admin key");
    }
    if (!byToken
        .values()
        .removeIf(key -> key.id().equals(keyId) && key.workspace().equals(workspace))) {
      throw PulsegridException.notFound("key", keyId);
    }
  }

  @Override
  public Answer once(Caller caller, String key, byte[] requestHash, Supplier<Answer> create) {
    return find(caller, key, requestHash)
        .orElseGet(
            () -> {
              Answer answer = create.get();
              answers.put(
                  caller.workspace() + " " + key,
                  new Kept(HexFormat.of().formatHex(requestHash), answer));
              return answer;
            });
  }

  @Override
  public Optional<Answer> find(Caller caller, String key, byte[] requestHash) {
    Kept kept = answers.get(caller.workspace() + " " + key);
    if (kept != null && !kept.hash().equals(HexFormat.of().formatHex(requestHash))) {
      throw PulsegridException.of(
          FailureCode.IDEMPOTENCY_KEY_REUSED, "this key was used for another request");
    }
    return Optional.ofNullable(kept).map(Kept::answer);
  }

  /** The bodies kept for replays. */
  public List<String> keptBodies() {
    return answers.values().stream().map(kept -> kept.answer().body()).toList();
  }

  /** The workspaces beside the keys. */
  public Workspaces workspaces() {
    return new Workspaces() {
      @Override
      public Page<Workspace> list(PageRequest page) {
        return Cut.of(new ArrayList<>(workspaces.values()), page);
      }

      @Override
      public Workspace create(WorkspaceId id) {
        Workspace fresh = new Workspace(id, EPOCH);
        if (workspaces.putIfAbsent(id, fresh) != null) {
          throw PulsegridException.of(FailureCode.CONFLICT, "the workspace " + id + " exists");
        }
        return fresh;
      }
    };
  }
}
