package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmTest {
  @TempDir Path directory;

  @Test
  void theFirstNodeKeepsItsClassesBesideItsJarsAndTheOthersStartFromThem() throws IOException {
    String classPath = jar("node.jar") + File.pathSeparator + jar("library.jar");

    assertThat(Jvm.archive(classPath, true))
        .containsExactly(
            "-XX:SharedArchiveFile=" + directory.resolve("node.jsa"),
            "-Xlog:cds*=off",
            "-Xlog:aot*=off",
            "-XX:+AutoCreateSharedArchive");
    assertThat(Jvm.archive(classPath, false)).as("until it is there").isEmpty();
    Files.write(directory.resolve("node.jsa"), new byte[] {-88, -85, 11, -16, 0});
    assertThat(Jvm.archive(classPath, false))
        .containsExactly(
            "-XX:SharedArchiveFile=" + directory.resolve("node.jsa"),
            "-Xlog:cds*=off",
            "-Xlog:aot*=off");
  }

  @Test
  void anArchiveThatWasCutShortIsWrittenAnew() throws IOException {
    String classPath = jar("node.jar").toString();
    Path archive = Files.write(directory.resolve("node.jsa"), new byte[5_000]);

    assertThat(Jvm.archive(classPath, false)).isEmpty();
    assertThat(archive).exists();
    assertThat(Jvm.archive(classPath, true)).hasSize(4);
    assertThat(archive).doesNotExist();
  }

  @Test
  void whereClassesLieInDirectoriesTheyAreNotKept() throws IOException {
    assertThat(Jvm.archive(jar("node.jar") + File.pathSeparator + directory, true)).isEmpty();
  }

  private Path jar(String name) throws IOException {
    return Files.write(directory.resolve(name), new byte[0]);
  }
}
