package io.pulsegrid.node.store.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Idempotency.Answer;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.store.TestStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredIdempotencyTest {
  private static final Caller CALLER = caller("default");
  private static final byte[] ONE = "POST /keys {1}".getBytes(UTF_8);
  private static final byte[] OTHER = "POST /keys {2}".getBytes(UTF_8);

  private final TestStore store = TestStore.fresh();
  private final AtomicInteger runs = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();
  private final CredentialKey key;
  private final StoredIdempotency idempotency;

  StoredIdempotencyTest(@TempDir Path data) {
    key = CredentialKey.readOrCreate(CredentialKey.fileIn(data), random);
    idempotency =
        new StoredIdempotency(store.jdbc(), store.transaction(), new CredentialCipher(key, random));
  }

  @Test
  void theSameRequestGetsTheSameAnswer() {
    Answer first = idempotency.once(CALLER, "k", ONE, this::makeWorkspace);
    Answer again = idempotency.once(CALLER, "k", ONE, this::makeWorkspace);

    assertThat(again).isEqualTo(first);
    assertThat(runs).hasValue(1);
  }

  @Test
  void anAnswerThatIsThereIsFoundWithoutAnythingBeingDone() {
    assertThat(idempotency.find(CALLER, "k", ONE)).isEmpty();
    Answer first = idempotency.once(CALLER, "k", ONE, this::makeWorkspace);

    assertThat(idempotency.find(CALLER, "k", ONE)).contains(first);
    assertThat(idempotency.find(caller("others"), "k", ONE)).isEmpty();
    assertThatThrownBy(() -> idempotency.find(CALLER, "k", OTHER))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.IDEMPOTENCY_KEY_REUSED));
    store.jdbc().sql("UPDATE idempotency SET created_at = now() - interval '25 hours'").update();
    assertThat(idempotency.find(CALLER, "k", ONE)).isEmpty();
    assertThat(runs).hasValue(1);
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() {
    idempotency.once(CALLER, "k", ONE, this::makeWorkspace);

    assertThatThrownBy(() -> idempotency.once(CALLER, "k", OTHER, this::makeWorkspace))
        .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.IDEMPOTENCY_KEY_REUSED));
    assertThat(runs).hasValue(1);
  }

  @Test
  void anotherWorkspacesKeyIsAnotherKey() {
    store.jdbc().sql("INSERT INTO workspace (id) VALUES ('others')").update();
    idempotency.once(CALLER, "k", ONE, this::makeWorkspace);
    idempotency.once(caller("others"), "k", OTHER, this::makeWorkspace);

    assertThat(runs).hasValue(2);
  }

  @Test
  void aFailedCreationLeavesNothingAndMayBeTriedAgain() {
    assertThatThrownBy(
            () ->
                idempotency.once(
                    CALLER,
                    "k",
                    ONE,
                    () -> {
                      makeWorkspace();
                      throw new IllegalStateException("a crash after the row");
                    }))
        .hasMessage("a crash after the row");
    assertThat(workspaces()).isEqualTo(1);

    idempotency.once(CALLER, "k", ONE, this::makeWorkspace);
    assertThat(workspaces()).isEqualTo(2);
  }

  @Test
  void whileTheFirstStillRunsTheSecondIsTurnedAway() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<Answer> first =
          threads.submit(
              () ->
                  idempotency.once(
                      CALLER,
                      "k",
                      ONE,
                      () -> {
                        running.countDown();
                        await(finish);
                        return makeWorkspace();
                      }));
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(() -> idempotency.once(CALLER, "k", ONE, this::makeWorkspace))
          .satisfies(e -> assertThat(code(e)).isEqualTo(FailureCode.IN_FLIGHT));
      finish.countDown();
      assertThat(first.get().status()).isEqualTo(201);
    }
    assertThat(runs).hasValue(1);
  }

  @Test
  void ofManyNodesThatAreAskedAtOnceOneCreates() throws Exception {
    List<Callable<Object>> asking = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(16);
    for (int i = 0; i < 16; i++) {
      StoredIdempotency node =
          new StoredIdempotency(
              store.jdbc(), store.transaction(), new CredentialCipher(key, random));
      asking.add(
          () -> {
            all.countDown();
            await(all);
            try {
              return node.once(CALLER, "k", ONE, this::makeWorkspace);
            } catch (PulsegridException turnedAway) {
              return turnedAway.code();
            }
          });
    }
    Set<Object> answers = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> answer : threads.invokeAll(asking)) {
        answers.add(answer.get());
      }
    }

    assertThat(runs).hasValue(1);
    // Who came too early for the answer is told to come back, and then gets the same one.
    answers.remove(FailureCode.IN_FLIGHT);
    assertThat(answers).containsExactly(idempotency.once(CALLER, "k", ONE, this::makeWorkspace));
    assertThat(workspaces()).isEqualTo(2);
  }

  @Test
  void aTokenInAnAnswerIsSealed() {
    idempotency.once(CALLER, "k", ONE, () -> new Answer(201, Map.of(), "pg_secret"));

    assertThat(
            store
                .jdbc()
                .sql("SELECT encode(answer, 'escape') FROM idempotency")
                .query(String.class)
                .single())
        .doesNotContain("pg_secret");
  }

  @Test
  void afterADayTheKeyIsFreeAndItsRowIsPurged() {
    idempotency.once(CALLER, "k", ONE, this::makeWorkspace);
    idempotency.once(CALLER, "young", ONE, this::makeWorkspace);
    store
        .jdbc()
        .sql("UPDATE idempotency SET created_at = created_at - interval '25 hours' WHERE key = 'k'")
        .update();

    idempotency.once(CALLER, "k", OTHER, this::makeWorkspace);
    assertThat(runs).hasValue(3);
    assertThat(idempotency.purge()).isZero();
    store
        .jdbc()
        .sql("UPDATE idempotency SET created_at = created_at - interval '25 hours' WHERE key = 'k'")
        .update();
    assertThat(idempotency.purge()).isEqualTo(1);
  }

  @Test
  void aKeyTooLongIsRefused() {
    assertThatThrownBy(() -> idempotency.once(CALLER, "x".repeat(256), ONE, this::makeWorkspace))
        .hasMessageContaining("Idempotency-Key");
  }

  private Answer makeWorkspace() {
    String name = "made-" + runs.incrementAndGet();
    store.jdbc().sql("INSERT INTO workspace (id) VALUES (?)").param(name).update();
    return new Answer(201, Map.of("Location", "/" + name, "ETag", "\"1\""), "{\"ü\":1}");
  }

  private int workspaces() {
    return store.jdbc().sql("SELECT count(*) FROM workspace").query(Integer.class).single();
  }

  private static Caller caller(String workspace) {
    return new Caller("key", new WorkspaceId(workspace), Set.of(Scope.ADMIN));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static FailureCode code(Throwable e) {
    return ((PulsegridException) e).code();
  }
}
