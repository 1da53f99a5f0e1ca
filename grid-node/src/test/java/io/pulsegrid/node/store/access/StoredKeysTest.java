package io.pulsegrid.node.store.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.ApiKey;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.access.AuthenticationCache;
import io.pulsegrid.node.store.TestStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class StoredKeysTest {
  private static final WorkspaceId TEAM = WorkspaceId.DEFAULT;
  private static final WorkspaceId OTHERS = new WorkspaceId("others");

  private final TestStore store = TestStore.fresh();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final StoredKeys keys = keys(store.jdbc(), new AuthenticationCache(clock, Runnable::run));

  StoredKeysTest() {
    new StoredWorkspaces(store.jdbc()).create(OTHERS);
  }

  @Test
  void aTokenOpensItsWorkspaceWithItsScopes() {
    ApiKey.Made made = keys.create("ci", Set.of(Scope.READ, Scope.WRITE), TEAM);

    assertThat(made.token()).matches("pg_[A-Za-z0-9_-]{43}");
    assertThat(keys.authenticate(made.token()))
        .contains(new Caller(made.key().id(), TEAM, Set.of(Scope.READ, Scope.WRITE)));
  }

  @Test
  void theStoreNeverHoldsAToken() {
    String token = keys.create("ci", Set.of(Scope.READ), TEAM).token();

    assertThat(store.jdbc().sql("SELECT api_key::text FROM api_key").query(String.class).list())
        .noneMatch(row -> row.contains(token));
  }

  @Test
  void whatIsNoTokenOpensNothing() {
    assertThat(keys.authenticate("")).isEmpty();
    assertThat(keys.authenticate("pg_short")).isEmpty();
    assertThat(keys.authenticate("pg_" + "A".repeat(43))).isEmpty();
  }

  @Test
  void aRotatedKeyOpensWithBothSecretsUntilTheOverlapEnds() {
    ApiKey.Made made = keys.create("ci", Set.of(Scope.READ), TEAM);

    ApiKey.Made rotated = keys.rotate(TEAM, made.key().id(), Duration.ofHours(1));

    assertThat(rotated.key()).isEqualTo(made.key());
    assertThat(keys.authenticate(made.token())).isEqualTo(keys.authenticate(rotated.token()));
    store.jdbc().sql("UPDATE former_token SET ends_at = now()").update();
    clock.advance(AuthenticationCache.FRESH);
    assertThat(keys.authenticate(made.token())).isEmpty();
    assertThat(keys.authenticate(rotated.token())).isPresent();
  }

  @Test
  void withoutAnOverlapNoFormerSecretOpens() {
    ApiKey.Made first = keys.create("ci", Set.of(Scope.READ), TEAM);
    ApiKey.Made second = keys.rotate(TEAM, first.key().id(), Duration.ofHours(1));
    ApiKey.Made third = keys.rotate(TEAM, first.key().id(), Duration.ZERO);

    assertThat(keys.authenticate(first.token())).isEmpty();
    assertThat(keys.authenticate(second.token())).isEmpty();
    assertThat(keys.authenticate(third.token())).isPresent();
    keys.delete(TEAM, first.key().id());
    assertThat(keys.authenticate(third.token())).isEmpty();
    assertThatThrownBy(() -> keys.rotate(TEAM, first.key().id(), Duration.ZERO))
        .isInstanceOf(PulsegridException.class);
  }

  @Test
  void anEndedKeyIsRefusedAtOnceHereAndWithinSecondsElsewhere() {
    StoredKeys elsewhere = keys(store.jdbc(), new AuthenticationCache(clock, Runnable::run));
    ApiKey.Made made = keys.create("ci", Set.of(Scope.READ), TEAM);
    assertThat(keys.authenticate(made.token())).isPresent();
    assertThat(elsewhere.authenticate(made.token())).isPresent();

    keys.delete(TEAM, made.key().id());

    assertThat(keys.authenticate(made.token())).isEmpty();
    clock.advance(AuthenticationCache.FRESH);
    assertThat(elsewhere.authenticate(made.token())).isEmpty();
  }

  @Test
  void aKnownCallerOutlivesAShortOutageOfTheStore() {
    AuthenticationCache cache = new AuthenticationCache(clock, Runnable::run);
    String token = keys.create("ci", Set.of(Scope.READ), TEAM).token();
    assertThat(keys(store.jdbc(), cache).authenticate(token)).isPresent();
    StoredKeys cutOff = keys(nowhere(), cache);

    clock.advance(Duration.ofSeconds(60));
    assertThat(cutOff.authenticate(token)).isPresent();
    clock.advance(Duration.ofSeconds(61));
    assertThatThrownBy(() -> cutOff.authenticate(token))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.UNAVAILABLE));
  }

  @Test
  void aBadKeyNamesEveryFieldAtFault() {
    assertThatThrownBy(() -> keys.create(" ", Set.of(), new WorkspaceId("nowhere")))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            e ->
                assertThat(e.errors())
                    .extracting(FieldError::field)
                    .containsExactly("name", "scopes", "workspace"));
    assertThat(keys.list(TEAM, PageRequest.first()).items()).isEmpty();
  }

  @Test
  void aWorkspaceListsItsOwnKeysPageByPageOldestFirst() {
    for (int i = 0; i < 5; i++) {
      keys.create("key-" + i, Set.of(Scope.READ), TEAM);
      keys.create("other-" + i, Set.of(Scope.READ), OTHERS);
    }

    List<String> names = new ArrayList<>();
    Page<ApiKey> page = keys.list(TEAM, new PageRequest(2, null));
    page.items().forEach(key -> names.add(key.name()));
    while (page.next() != null) {
      page = keys.list(TEAM, new PageRequest(2, page.next()));
      page.items().forEach(key -> names.add(key.name()));
    }

    assertThat(names).containsExactly("key-0", "key-1", "key-2", "key-3", "key-4");
  }

  @Test
  void aForeignCursorIsRefused() {
    for (String cursor : List.of("nonsense", "!!", "YQ")) {
      assertThatThrownBy(() -> keys.list(TEAM, new PageRequest(2, cursor)))
          .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.MALFORMED));
    }
  }

  @Test
  void anotherWorkspacesKeyIsNotThere() {
    ApiKey.Made made = keys.create("ci", Set.of(Scope.READ), TEAM);

    assertThatThrownBy(() -> keys.delete(OTHERS, made.key().id()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.NOT_FOUND));
    assertThat(keys.authenticate(made.token())).isPresent();
  }

  @Test
  void theLastAdminKeyOfTheInstallationStays() {
    String reader = keys.create("ci", Set.of(Scope.READ), TEAM).key().id();
    String teams = keys.create("theirs", Set.of(Scope.ADMIN), OTHERS).key().id();
    String first = keys.create("one", Set.of(Scope.ADMIN), TEAM).key().id();
    String last = keys.create("two", Set.of(Scope.READ, Scope.ADMIN), TEAM).key().id();

    keys.delete(TEAM, first);
    assertThatThrownBy(() -> keys.delete(TEAM, last))
        .hasMessageContaining("last admin key")
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT));
    keys.delete(TEAM, reader);
    keys.delete(OTHERS, teams);

    assertThat(keys.list(TEAM, PageRequest.first()).items())
        .extracting(ApiKey::id)
        .containsExactly(last);
  }

  @Test
  void ofTwoWhoDeleteEachOthersAdminKeyOneIsRefused() throws Exception {
    List<String> both =
        List.of(
            keys.create("one", Set.of(Scope.ADMIN), TEAM).key().id(),
            keys.create("two", Set.of(Scope.ADMIN), TEAM).key().id());
    var start = new CountDownLatch(1);
    int refused = 0;
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> deletions = new ArrayList<>();
      for (String key : both) {
        deletions.add(
            threads.submit(
                () -> {
                  start.await();
                  keys.delete(TEAM, key);
                  return key;
                }));
      }
      start.countDown();
      for (Future<?> deletion : deletions) {
        try {
          deletion.get();
        } catch (ExecutionException e) {
          assertThat(code(Objects.requireNonNull(e.getCause()))).isEqualTo(FailureCode.CONFLICT);
          refused++;
        }
      }
    }
    assertThat(refused).isEqualTo(1);
  }

  @Test
  void aWorkspaceIsMadeOnce() {
    StoredWorkspaces workspaces = new StoredWorkspaces(store.jdbc());

    assertThatThrownBy(() -> workspaces.create(OTHERS))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.CONFLICT));
    assertThat(workspaces.list(PageRequest.first()).items())
        .extracting(workspace -> workspace.id())
        .containsExactly(TEAM, OTHERS);
  }

  private StoredKeys keys(JdbcClient jdbc, AuthenticationCache cache) {
    return new StoredKeys(jdbc, store.transaction(), cache, store.ids(), new SecureRandom());
  }

  private static JdbcClient nowhere() {
    return JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"));
  }

  private static FailureCode code(Throwable e) {
    return Optional.of(e)
        .filter(PulsegridException.class::isInstance)
        .map(PulsegridException.class::cast)
        .orElseThrow(() -> new AssertionError(e))
        .code();
  }
}
