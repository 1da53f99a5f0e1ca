package io.pulsegrid.compute.index;

import static io.pulsegrid.compute.index.IndexFixtures.entry;
import static io.pulsegrid.compute.index.IndexFixtures.fill;
import static io.pulsegrid.compute.index.IndexFixtures.id;
import static io.pulsegrid.compute.index.IndexFixtures.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.compute.index.IndexFixtures.Draft;
import io.pulsegrid.compute.index.PostIndex.Touch;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostIndexTest {
  @TempDir Path parent;

  private Path directory;

  @BeforeEach
  void name() {
    directory = parent.resolve("index");
  }

  private PostIndex open() {
    return PostIndex.open(directory, IndexFixtures.SETTINGS);
  }

  @Test
  void showsWhatWasPutOnlyOnceRefreshed() {
    try (PostIndex index = open()) {
      index.put(List.of(entry("a", "storm")));
      assertThat(words(index, "storm")).isEmpty();
      index.refresh();
      assertThat(words(index, "storm")).containsExactly(id("a"));
      assertThat(index.size()).isEqualTo(1);
    }
  }

  @Test
  void tellsOnceWhenTheDiskHasFailedIt() throws IOException {
    List<String> told = new ArrayList<>();
    try (PostIndex index = open()) {
      index.whenFailed(told::add);
      fill(index, entry("a", "storm"));
      assertThat(told).isEmpty();
      index.put(List.of(entry("b", "storm")));
      // The folder is gone, so nothing more can be written; as when no block is left.
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      assertThatThrownBy(index::commit).isInstanceOf(PulsegridException.class);
      assertThatThrownBy(() -> index.put(List.of(entry("c", "storm"))))
          .isInstanceOf(PulsegridException.class);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void replacesAPostByItsId() {
    try (PostIndex index = open()) {
      fill(index, entry("a", "storm"));
      fill(index, entry("a", "calm"));
      assertThat(words(index, "storm")).isEmpty();
      assertThat(words(index, "calm")).containsExactly(id("a"));
      assertThat(index.size()).isEqualTo(1);
    }
  }

  @Test
  void deletesPosts() {
    try (PostIndex index = open()) {
      fill(index, entry("a", "storm"), entry("b", "storm"));
      index.delete(List.of(id("a"), id("never")));
      index.refresh();
      assertThat(words(index, "storm")).containsExactly(id("b"));
    }
  }

  @Test
  void showsTheRevisionOfEveryLivePost() {
    try (PostIndex index = open()) {
      fill(index, new Draft("a").number(1).entry(), new Draft("b").number(2).entry());
      index.put(List.of(new Draft("c").number(3).entry()));
      index.touch(List.of(new Touch(id("b"), null, 0, 9, 20)));
      index.delete(List.of(id("a")));
      Map<String, String> seen = new HashMap<>();
      index.forEachRevision((id, epoch, number) -> seen.put(id.value(), epoch + "." + number));
      assertThat(seen)
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(id("b").value(), "9.20", id("c").value(), "7.3"));

      Map<String, String> ofBucket = new HashMap<>();
      int wanted = id("b").bucket();
      assertThat(wanted).isNotEqualTo(id("c").bucket());
      index.forEachRevision(
          bucket -> bucket == wanted, (id, epoch, number) -> ofBucket.put(id.value(), "" + number));
      assertThat(ofBucket).containsExactly(Map.entry(id("b").value(), "20"));
    }
  }

  @Test
  void showsTheRevisionsOfThePostsAskedFor() {
    try (PostIndex index = open()) {
      fill(index, new Draft("a").number(1).entry(), new Draft("b").number(2).entry());
      fill(index, new Draft("c").number(3).entry(), new Draft("a").number(4).entry());
      index.delete(List.of(id("b")));
      Map<String, String> seen = new HashMap<>();
      index.revisionsOf(
          List.of(id("c"), id("b"), id("a"), id("never")),
          (id, epoch, number) -> seen.put(id.value(), epoch + "." + number));
      assertThat(seen)
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(id("a").value(), "7.4", id("c").value(), "7.3"));
    }
  }

  @Test
  void letsPostsBeTouchedBeforeAnyIsHere() {
    try (PostIndex index = open()) {
      index.touch(List.of(new Touch(id("a"), null, 1, 1, 1)));
      index.delete(List.of(id("a")));
      index.refresh();
      assertThat(index.size()).isZero();
      assertThat(words(index, "storm")).isEmpty();
    }
  }

  @Test
  void findsAgainWhatItHeldWhenItClosed() {
    try (PostIndex index = open()) {
      index.put(List.of(entry("a", "storm")));
    }
    try (PostIndex index = open()) {
      assertThat(words(index, "storm")).containsExactly(id("a"));
    }
  }

  @Test
  void opensAfterItsProcessWasKilledWithWhatWasCommitted() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                IndexWritingMain.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try {
      awaitLine(writer.getInputStream(), "committed");
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    try (PostIndex index = open()) {
      assertThat(words(index, "committed")).hasSize(100);
      fill(index, entry("after", "afterwards"));
      assertThat(words(index, "afterwards")).containsExactly(id("after"));
    }
    assertThat(parent.resolve("index.aside")).doesNotExist();
  }

  private static void awaitLine(InputStream output, String wanted) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (int c = output.read(); c >= 0; c = output.read()) {
      seen.append((char) c);
      if (seen.indexOf(wanted + "\n") >= 0) {
        return;
      }
    }
    throw new AssertionError("the writing process ended early: " + seen);
  }

  @Test
  void setsADamagedIndexAsideAndBeginsAnew() throws IOException {
    try (PostIndex index = open()) {
      fill(index, entry("a", "storm"));
    }
    cutShort(fileWith(".cfs"));
    try (PostIndex index = open()) {
      assertThat(index.size()).isZero();
      fill(index, entry("b", "calm"));
      assertThat(words(index, "calm")).containsExactly(id("b"));
    }
    assertThat(parent.resolve("index.aside")).isDirectoryContaining("glob:**.cfs");
  }

  @Test
  void setsAnIndexWithoutAllItsFilesAsideKeepingOnlyTheLatest() throws IOException {
    for (int i = 0; i < 2; i++) {
      try (PostIndex index = open()) {
        assertThat(index.size()).isZero();
        fill(index, entry("a" + i, "storm"));
      }
      Files.delete(fileWith(".cfs"));
    }
    open().close();
    try (Stream<Path> left = Files.list(parent)) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .containsExactlyInAnyOrder("index", "index.aside");
    }
  }

  @Test
  void setsAnIndexOfAnotherModelAside() {
    try (PostIndex index = open()) {
      fill(index, entry("a", "storm"));
    }
    try (PostIndex index = PostIndex.open(directory, IndexSettings.of("new-model", 8))) {
      assertThat(index.size()).isZero();
    }
    assertThat(parent.resolve("index.aside")).isDirectory();
  }

  @Test
  void leavesAnIndexAloneThatAnotherHolds() {
    try (PostIndex index = open()) {
      fill(index, entry("a", "storm"));
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              PulsegridException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CONFLICT))
          .hasMessageContaining("in use by another process");
      assertThat(words(index, "storm")).containsExactly(id("a"));
    }
    assertThat(parent.resolve("index.aside")).doesNotExist();
  }

  @Test
  void saysThatItIsClosed() {
    PostIndex index = open();
    index.close();
    assertThatThrownBy(() -> index.put(List.of(entry("a", "late"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the index must be open, was closed");
    assertThatThrownBy(() -> words(index, "late")).isInstanceOf(IllegalStateException.class);
  }

  private Path fileWith(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private static void cutShort(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }
}
