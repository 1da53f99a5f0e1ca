package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./pulsegrid} itself, in a house that is built already and with a JDK that only echoes. */
class ScriptTest {
  private static final String CLASS_PATH = ".* -cp (\\S+)/\\*:.*";

  @TempDir Path directory;
  private Path home = Path.of("");
  private Path hold = Path.of("");

  @BeforeEach
  void buildAHouse() throws IOException {
    home = Files.createDirectory(directory.toRealPath().resolve("home"));
    hold = directory.resolve("hold");
    Files.copy(
        Path.of("../pulsegrid"), home.resolve("pulsegrid"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(home.resolve("pom.xml"), "");
    Files.createDirectory(home.resolve(".mvn"));
    for (String module : List.of("core", "connectors", "compute-tasks", "api", "grid-node")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.writeString(home.resolve(module).resolve("pom.xml"), "");
    }
    Files.createDirectories(home.resolve("grid-node/target/lib"));
    write("node.jar", "one");
    write("lib/library.jar", "library");
    Files.createDirectory(home.resolve("target"));
    Files.writeString(home.resolve("target/node.built"), "");
    Path jdk = directory.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    for (String tool : List.of("java", "javac")) {
      Files.writeString(
          jdk.resolve("bin").resolve(tool),
          "#!/bin/sh\necho \"$@\"\necho \"key=$PULSEGRID_KEY\"\nwhile [ -e '"
              + hold
              + "' ]; do sleep 0.1; done\n");
      Files.setPosixFilePermissions(
          jdk.resolve("bin").resolve(tool), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void runsACopyThatTheNextBuildDoesNotTouch() throws Exception {
    Path first = run("import", "x.csv");
    assertThat(first).startsWith(home.resolve("target/jars"));
    assertThat(run("verify")).as("nothing was built").isEqualTo(first);

    write("node.jar", "two");
    Path second = run("import", "x.csv");

    assertThat(second).isNotEqualTo(first);
    assertThat(first.resolve("node.jar")).hasContent("one");
    assertThat(second.resolve("node.jar")).hasContent("two");
    assertThat(
            Files.isSameFile(first.resolve("lib/library.jar"), second.resolve("lib/library.jar")))
        .as("shared, as it did not change")
        .isTrue();
  }

  @Test
  void removesACopyOnceNothingRunsOnItAndNotBefore() throws Exception {
    Files.writeString(hold, "");
    Process running = start("up");
    Path first = runsOn(running);
    // As if it had been made long ago: one that is new may be about to be run.
    Files.setLastModifiedTime(first, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    write("node.jar", "two");
    Process other = start("verify");
    Path second = runsOn(other);
    assertThat(copies()).containsExactlyInAnyOrder(first, second);

    Files.delete(hold);
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThat(run("verify")).isEqualTo(second);
    assertThat(copies()).containsExactly(second);
  }

  @Test
  void passesAKeyOnWhereNobodyElseCanReadIt() throws Exception {
    for (String command : List.of("import", "control", "drain", "verify")) {
      Process process = start(command, "--key", "pg_secret", "a b", "--port", "1");
      List<String> said = process.inputReader().lines().toList();

      assertThat(said.getFirst()).endsWith(command + " a b --port 1").doesNotContain("pg_secret");
      assertThat(said.getLast()).isEqualTo("key=pg_secret");
    }
    Process process = start("control", "--key=pg_other", "--state", "--key");
    List<String> said = process.inputReader().lines().toList();

    assertThat(said.getFirst()).endsWith("control --state --key");
    assertThat(said.getLast()).isEqualTo("key=pg_other");
  }

  private void write(String jar, String content) throws IOException {
    Files.writeString(home.resolve("grid-node/target").resolve(jar), content);
  }

  private List<Path> copies() throws IOException {
    Path jars = home.resolve("target/jars");
    try (Stream<Path> found = Files.list(jars)) {
      return found.toList();
    }
  }

  /** Runs a command to its end; returns the directory of the jars that it ran on. */
  private Path run(String... arguments) throws Exception {
    Process process = start(arguments);
    Path found = runsOn(process);
    assertThat(process.waitFor()).isZero();
    return found;
  }

  private static Path runsOn(Process process) throws IOException {
    String said = String.valueOf(process.inputReader().readLine());
    assertThat(said).matches(CLASS_PATH);
    return Path.of(said.replaceFirst(CLASS_PATH, "$1"));
  }

  private Process start(String... arguments) throws IOException {
    var builder = new ProcessBuilder(home.resolve("pulsegrid").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    return builder.redirectErrorStream(true).start();
  }
}
