package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ControlLinesTest {
  private static final String REFUSED =
      """
      Warning: --password is insecure. Whenever possible, use interactive prompt.
      Command [CACHE] started
      Ignite failed to process request [5]: the key k may not ADMIN_OPS (server status code [1])
      Command [CACHE] finished with code: 4
      Error stack trace:
      org.apache.ignite.client.ClientException: the key k may not ADMIN_OPS
      \tat java.base/java.lang.Thread.run(Thread.java:1474)
      Control utility has completed execution at: 2026-11-29T06:21:00.872
      """;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void leavesOutTheWarningAndTheTraceAndSaysWhy() {
    assertThat(printed(REFUSED, false).refusal())
        .hasValue("this key may not do that: it takes an admin key of the workspace default");
    assertThat(shown())
        .startsWith("Command [CACHE] started\n")
        .contains("finished with code: 4\nControl utility has completed")
        .doesNotContain("Error stack trace", "\tat ", "--password");
  }

  @Test
  void showsTheTraceToWhoeverAskedForIt() {
    ControlLines _ = printed(REFUSED, true);
    assertThat(shown()).contains("Error stack trace", "\tat ");
  }

  @Test
  void saysThatAKeyIsNotKnown() {
    assertThat(printed("Authentication error. Wrong credentials.\n", false).refusal())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("this key is not known to the grid; ")
                    .endsWith("write the new one into it"));
    assertThat(printed("Cluster state: ACTIVE\n", false).refusal()).isEmpty();
  }

  @Test
  void knowsALineThatCameInParts() {
    var lines = new ControlLines(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    var out = new PrintStream(lines, true, StandardCharsets.UTF_8);
    for (String part : "Authentication error. Wrong credentials.\n".split("(?<=\\G.{7})", -1)) {
      out.print(part);
      out.flush();
    }

    assertThat(lines.refusal()).isPresent();
    assertThat(shown()).isEqualTo("Authentication error. Wrong credentials.\n");
  }

  @Test
  void showsAQuestionBeforeItsAnswer() {
    ControlLines _ = printed("Press 'y' to continue . . . ", false);
    assertThat(shown()).isEqualTo("Press 'y' to continue . . . ");
  }

  private ControlLines printed(String text, boolean withTraces) {
    var lines = new ControlLines(new PrintStream(shown, true, StandardCharsets.UTF_8), withTraces);
    var out = new PrintStream(lines, true, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
    return lines;
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }
}
