package io.pulsegrid.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialCipherTest {
  private static final byte[] SECRET = "t-alice".getBytes(UTF_8);

  @TempDir private Path data;
  private final SecureRandom random = new SecureRandom();

  @Test
  void opensWhatItSealedAndShowsNothingOfIt() {
    CredentialCipher cipher = cipher(data);
    byte[] sealed = cipher.seal("channel 1", SECRET);

    assertThat(new String(sealed, UTF_8)).doesNotContain("alice");
    assertThat(cipher.open("channel 1", sealed)).isEqualTo(SECRET);
    assertThat(cipher.seal("channel 1", SECRET)).isNotEqualTo(sealed);
  }

  @Test
  void aSecretCopiedToAnotherRowDoesNotOpen() {
    CredentialCipher cipher = cipher(data);
    byte[] sealed = cipher.seal("channel 1", SECRET);

    assertThatThrownBy(() -> cipher.open("channel 2", sealed))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("channel 2");
  }

  @Test
  void anAlteredSecretDoesNotOpen() {
    CredentialCipher cipher = cipher(data);
    byte[] sealed = cipher.seal("channel 1", SECRET);
    sealed[sealed.length - 1] ^= 1;

    assertThatThrownBy(() -> cipher.open("channel 1", sealed))
        .isInstanceOf(PulsegridException.class);
    assertThatThrownBy(() -> cipher.open("channel 1", new byte[] {1, 2, 3}))
        .isInstanceOf(PulsegridException.class);
  }

  @Test
  void anotherKeySaysWhichFileAndWhichKey() {
    byte[] sealed = cipher(data.resolve("one")).seal("channel 1", SECRET);
    CredentialKey other = key(data.resolve("other"));

    assertThatThrownBy(() -> new CredentialCipher(other, random).open("channel 1", sealed))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("credentials.key")
        .hasMessageContaining(other.fingerprint());
  }

  @Test
  void theKeyFileIsReadableByItsOwnerAlone() throws IOException {
    key(data);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(data).path())))
        .isEqualTo("rw-------");
    try (var files = Files.list(data)) {
      assertThat(files).containsExactly(file(data).path());
    }
  }

  @Test
  void processesThatMakeTheFileAtOnceAgreeOnIt() throws Exception {
    Set<String> fingerprints = ConcurrentHashMap.newKeySet();
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Boolean> start = () -> fingerprints.add(key(data).fingerprint());
      threads.invokeAll(IntStream.range(0, 16).mapToObj(_ -> start).toList());
    }

    assertThat(fingerprints).containsExactly(key(data).fingerprint());
  }

  @Test
  void aFileThatHoldsNoKeyIsRefused() throws IOException {
    Files.writeString(file(data).path(), "not a key");

    assertThatThrownBy(() -> key(data))
        .isInstanceOf(PulsegridException.class)
        .hasMessageContaining("credentials.key");
  }

  private CredentialCipher cipher(Path directory) {
    return new CredentialCipher(key(directory), random);
  }

  private CredentialKey key(Path directory) {
    return CredentialKey.readOrCreate(file(directory), random);
  }

  private static SecretFile file(Path directory) {
    return CredentialKey.fileIn(directory);
  }
}
