package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.node.grid.ExpectedSize.Size;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.membership.StoredGridSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code drain --expect}: for nodes that nobody can ask any more. */
class DrainCommandTest {
  @TempDir private Path directory;

  @Test
  void tellsTheStoreOfAnEmbeddedGridHowManyNodesAreLeft() throws IOException {
    String url = TestPostgres.freshUrl();
    Files.writeString(directory.resolve("postgres.url"), url + "\n");
    var size = new StoredGridSize(JdbcClient.create(TestPostgres.pool(url)));
    assertThat(size.change(size.read(), 3)).isTrue();

    assertThat(drain("--expect", "2", "--data", directory.toString()))
        .isEqualTo("0 the grid expects 2 nodes from now on");
    assertThat(size.read()).isEqualTo(new Size(2, 3));
    assertThat(drain("--expect", "1", "--data", directory.toString()))
        .isEqualTo("0 the grid expects 1 node from now on");
  }

  @Test
  void findsTheStoreInTheSettings() throws IOException {
    String url = TestPostgres.freshUrl();
    Path settings = directory.resolve("node.properties");
    Files.writeString(settings, "pulsegrid.store.url=" + url.replaceFirst("\\?.*", "") + "\n");
    Files.writeString(
        settings,
        "pulsegrid.store.user=postgres\npulsegrid.store.password=postgres\n",
        java.nio.file.StandardOpenOption.APPEND);
    assertThat(drain("--expect", "4", "--config", settings.toString()))
        .isEqualTo("0 the grid expects 4 nodes from now on");
    assertThat(new StoredGridSize(JdbcClient.create(TestPostgres.pool(url))).read().nodes())
        .isEqualTo(4);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(drain("--expect", "0")).isEqualTo("1 pulsegrid: --expect must be at least 1, was 0");
    assertThat(drain("--expect", "1", "--node", "x"))
        .startsWith("1 pulsegrid: --node and --expect exclude each other");
    assertThat(drain("--expect", "1", "--data", directory.toString()))
        .startsWith("1 pulsegrid: pulsegrid.store.url is not set and ");
  }

  @Test
  void changesNothingInADatabaseOfNobody() throws IOException {
    Files.writeString(directory.resolve("postgres.url"), TestPostgres.emptyUrl());
    assertThat(drain("--expect", "1", "--data", directory.toString()))
        .isEqualTo("1 pulsegrid: no node has used this store yet");
  }

  /** The exit code, and what was said. */
  private static String drain(String... options) {
    var arguments = new String[options.length + 1];
    arguments[0] = "drain";
    System.arraycopy(options, 0, arguments, 1, options.length);
    PrintStream out = System.out;
    PrintStream err = System.err;
    var said = new ByteArrayOutputStream();
    var all = new PrintStream(said, true, StandardCharsets.UTF_8);
    try {
      System.setOut(all);
      System.setErr(all);
      int code = Main.execute(arguments);
      return code + " " + said.toString(StandardCharsets.UTF_8).strip();
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
