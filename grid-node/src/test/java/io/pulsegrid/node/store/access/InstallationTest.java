package io.pulsegrid.node.store.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.access.AuthenticationCache;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.access.SecretFile;
import io.pulsegrid.node.access.Token;
import io.pulsegrid.node.store.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir private Path data;

  private final TestStore store = TestStore.fresh();
  private final SecureRandom random = new SecureRandom();
  private final StoredKeys keys =
      new StoredKeys(
          store.jdbc(),
          store.transaction(),
          new AuthenticationCache(InstantSource.system(), Runnable::run),
          store.ids(),
          random);
  private final Installation installation =
      new Installation(store.jdbc(), store.transaction(), random);

  @Test
  void theFirstStartLeavesAnAdminKeyThatWorks() throws IOException {
    Optional<Token> made = installation.firstKey(keys, adminFile());

    String token = adminFile().read().orElseThrow();
    assertThat(made).map(Token::value).contains(token);
    assertThat(keys.authenticate(token)).map(Caller::workspace).contains(WorkspaceId.DEFAULT);
    assertThat(keys.authenticate(token).orElseThrow().may(Scope.ADMIN)).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(adminFile().path())))
        .isEqualTo("rw-------");
  }

  @Test
  void laterStartsMakeNone() {
    installation.firstKey(keys, adminFile());
    String token = adminFile().read().orElseThrow();

    assertThat(installation.firstKey(keys, adminFile())).isEmpty();
    assertThat(adminFile().read()).contains(token);
    assertThat(installation.firstKey(keys, new SecretFile(data.resolve("elsewhere/admin.key"))))
        .isEmpty();
    assertThat(data.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void aStartWithoutAnyAdminKeyMakesOneAgain() {
    installation.firstKey(keys, adminFile());
    keys.create("ci", Set.of(Scope.READ), WorkspaceId.DEFAULT);
    store.jdbc().sql("DELETE FROM api_key WHERE name = 'admin'").update();
    SecretFile elsewhere = new SecretFile(data.resolve("elsewhere/admin.key"));

    assertThat(installation.firstKey(keys, elsewhere)).isPresent();

    String token = elsewhere.read().orElseThrow();
    assertThat(keys.authenticate(token).orElseThrow().may(Scope.ADMIN)).isTrue();
  }

  @Test
  void nodesThatStartAtOnceMakeOneKey() throws Exception {
    try (var threads = Executors.newFixedThreadPool(6)) {
      Callable<Optional<Token>> start = () -> installation.firstKey(keys, adminFile());
      int made = 0;
      for (Future<Optional<Token>> one :
          threads.invokeAll(IntStream.range(0, 6).mapToObj(_ -> start).toList())) {
        made += one.get().isPresent() ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
    }

    assertThat(store.jdbc().sql("SELECT count(*) FROM api_key").query(Integer.class).single())
        .isEqualTo(1);
    assertThat(keys.authenticate(adminFile().read().orElseThrow())).isPresent();
  }

  @Test
  void aCrashBetweenFileAndRowLocksNobodyOut() {
    // What a node leaves behind that dies after its file and before its commit.
    String written = Token.random(random).value();
    adminFile().readOrCreate(() -> written);

    installation.firstKey(keys, adminFile());

    assertThat(keys.authenticate(written)).isPresent();
  }

  @Test
  void anAdminFileThatHoldsNoKeyStopsTheStart() throws IOException {
    Files.writeString(adminFile().path(), "hello");

    assertThatThrownBy(() -> installation.firstKey(keys, adminFile()))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("admin.key");
    assertThat(keys.anyAdministrator()).isFalse();
  }

  @Test
  void everyStartFindsTheSameCredentialKey() {
    CredentialKey first = installation.credentialKey(keyFile());

    assertThat(installation.credentialKey(keyFile()).fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void anotherCredentialKeyStopsTheStart() {
    installation.credentialKey(keyFile());
    SecretFile other = new SecretFile(data.resolve("other.key"));
    CredentialKey.readOrCreate(other, random);

    assertThatThrownBy(() -> installation.credentialKey(other))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("other.key")
        .hasMessageContaining("sealed with");
  }

  @Test
  void aLostCredentialKeyStopsTheStartAndMakesNoNewOne() throws IOException {
    installation.credentialKey(keyFile());
    Files.delete(keyFile().path());

    assertThatThrownBy(() -> installation.credentialKey(keyFile()))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("missing");
    assertThat(keyFile().path()).doesNotExist();
  }

  @Test
  void aStoreKeepsItsId() {
    assertThat(installation.storeId()).isEqualTo(installation.storeId());
  }

  private SecretFile adminFile() {
    return new SecretFile(data.resolve("admin.key"));
  }

  private SecretFile keyFile() {
    return CredentialKey.fileIn(data);
  }
}
