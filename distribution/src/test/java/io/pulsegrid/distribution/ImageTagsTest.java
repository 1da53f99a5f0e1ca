package io.pulsegrid.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The names of our images: what is run is what the instructions build. */
class ImageTagsTest {
  private static final Pattern RUN =
      Pattern.compile("image: (?:\\$\\{\\w+:-)?(pulsegrid[\\w-]*:[\\w.]+)");
  private static final Pattern BUILT =
      Pattern.compile("docker build (?:-f \\S+ )?-t (pulsegrid\\S*) \\.");

  @Test
  void whatIsRunIsWhatTheInstructionsBuild() {
    Set<String> run = found(RUN, Sources.text("docker-compose.yml"));
    for (Path file : Sources.files("config/kubernetes", ".yaml")) {
      run.addAll(found(RUN, Sources.text("config/kubernetes/" + under(file))));
    }

    assertThat(run).containsExactly("pulsegrid-gpu:" + version(), "pulsegrid:" + version());
    assertThat(found(BUILT, Sources.text("docs/operations.md"))).isEqualTo(run);
    assertThat(found(BUILT, Sources.text("Dockerfile") + Sources.text("Dockerfile.gpu")))
        .isEqualTo(run);
  }

  @Test
  void theImageForGpusStandsOnTheOtherOne() {
    assertThat(Sources.text("Dockerfile.gpu"))
        .contains("ARG BASE=pulsegrid:" + version() + "\n")
        .contains("\nFROM ${BASE}\n");
  }

  private static Path under(Path file) {
    return Sources.file("config/kubernetes").relativize(file);
  }

  private static String version() {
    Matcher version = Pattern.compile("<version>([\\d.]+)").matcher(Sources.text("pom.xml"));
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher each = pattern.matcher(text);
    while (each.find()) {
      found.add(each.group(1));
    }
    return found;
  }
}
