package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretModesTest {
  @TempDir private Path data;

  @Test
  void wantsSecretsForTheirOwnerAlone() throws IOException {
    write("admin.key", "rw-------");
    write("credentials.key", "r--r-----");

    assertThat(found(false))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.what()).isEqualTo("credentials.key");
              assertThat(one.remedy()).isEqualTo("chmod 600 " + data.resolve("credentials.key"));
            });
  }

  @Test
  void takesTheGroupOfASecretThatIsMounted() throws IOException {
    write("credentials.key", "r--r-----");

    assertThat(found(true)).isEmpty();
  }

  @Test
  void wantsEvenAMountedSecretHiddenFromAllOthers() throws IOException {
    write("credentials.key", "r--r--r--");

    assertThat(found(true))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.told()).startsWith("others may read ");
              assertThat(one.remedy()).contains("defaultMode: 0440");
            });
  }

  @Test
  void hasNothingToSayWhereFilesHaveNoModes() throws IOException {
    List<Finding> findings = new ArrayList<>();
    try (FileSystem archive =
        FileSystems.newFileSystem(data.resolve("data.zip"), Map.of("create", "true"))) {
      Files.writeString(archive.getPath("admin.key"), "secret");
      new SecretModes(archive.getPath("/"), _ -> false).look(findings);
    }

    assertThat(findings).isEmpty();
  }

  @Test
  void knowsThatAModeOfItsOwnDirectoryCanBeChanged() throws IOException {
    write("admin.key", "rw-------");

    assertThat(SecretModes.isFixed(data.resolve("admin.key"))).isFalse();
  }

  private List<Finding> found(boolean mounted) {
    List<Finding> findings = new ArrayList<>();
    new SecretModes(data, _ -> mounted).look(findings);
    return findings;
  }

  private void write(String name, String mode) throws IOException {
    Path file = Files.writeString(data.resolve(name), "secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
