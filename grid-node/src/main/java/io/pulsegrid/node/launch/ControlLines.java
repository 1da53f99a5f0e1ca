package io.pulsegrid.node.launch;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Ignite's control tool prints, without what would mislead: that the key were on the command
 * line, and the stack trace of a refusal. Tells why it refused in our words.
 */
final class ControlLines extends OutputStream {
  private final PrintStream to;
  private final boolean withTraces;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** What of the line was shown before its end. */
  private String begun = "";

  private boolean inTrace;
  private @Nullable String refusal;

  ControlLines(PrintStream to, boolean withTraces) {
    this.to = to;
    this.withTraces = withTraces;
  }

  /** Why the grid did not do it, where that was for the key. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  @Override
  public void write(int one) {
    line.write(one);
    if (one == '\n') {
      pass();
    }
  }

  /** A question has no end of line. */
  @Override
  public void flush() {
    pass();
    to.flush();
  }

  private void pass() {
    String part = line.toString(StandardCharsets.UTF_8);
    line.reset();
    String text = begun + part;
    begun = text.endsWith("\n") ? "" : text;
    if (text.startsWith("Error stack trace")) {
      inTrace = !withTraces;
    } else if (text.startsWith("Control utility has completed")) {
      inTrace = false;
    }
    if (text.contains("Wrong credentials")) {
      refusal = "this key is not known to the grid; " + RestClient.OF_ADMIN;
    } else if (text.contains(" may not ADMIN_") || text.contains(" may not TASK_EXECUTE")) {
      refusal = "this key may not do that: it takes an admin key of the workspace default";
    }
    if (!inTrace && !text.startsWith("Warning: --password is insecure")) {
      to.print(part);
    }
  }
}
