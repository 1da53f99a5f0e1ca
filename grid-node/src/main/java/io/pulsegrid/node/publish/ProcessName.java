package io.pulsegrid.node.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name under which a process arms: no other process, before or after, has it. From it a process
 * on the same machine can prove that its bearer is gone; from anywhere else nothing is ever proven.
 */
public final class ProcessName {
  private static final Path PROC = Path.of("/proc");
  private static final int START_TICKS = 19;
  private static final String UNKNOWN = "?";

  private final String value;
  private final String machine;

  private ProcessName(String node, String machine, long pid, String started) {
    this.value = String.join(" ", node, machine, Long.toString(pid), started);
    this.machine = machine;
  }

  /**
   * This process.
   *
   * @param node what people call it; no spaces
   */
  public static ProcessName own(String node) {
    long pid = ProcessHandle.current().pid();
    @Nullable String started = started(pid);
    return new ProcessName(
        node.replace(' ', '_'), machine(), pid, started == null ? UNKNOWN : started);
  }

  /** The node that the process runs. */
  public String node() {
    return value.substring(0, value.indexOf(' '));
  }

  public String value() {
    return value;
  }

  /** Whether the process of that name surely runs no more. */
  public boolean provesDead(String other) {
    String[] parts = other.split(" ", -1);
    if (parts.length != 4
        || machine.contains(UNKNOWN)
        || !parts[1].equals(machine)
        || parts[3].equals(UNKNOWN)) {
      return false;
    }
    try {
      @Nullable String running = started(Long.parseLong(parts[2]));
      return !UNKNOWN.equals(running) && !parts[3].equals(running);
    } catch (NumberFormatException foreign) {
      return false;
    }
  }

  /** A boot of a machine and a space of process ids in it: within it, ids mean the same. */
  private static String machine() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return boot + "/" + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return UNKNOWN;
    }
  }

  /**
   * When a process started, in ticks since the boot, which no change of a clock moves; null when
   * there is no such process, and {@link #UNKNOWN} when that cannot be told.
   */
  private static @Nullable String started(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      // The name, in brackets, may hold anything; the state follows it.
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      boolean dead = fields.getFirst().equals("Z") || fields.getFirst().equals("X");
      return dead ? null : fields.get(START_TICKS);
    } catch (NoSuchFileException e) {
      return Files.exists(PROC.resolve("self/stat")) ? null : UNKNOWN;
    } catch (IOException | RuntimeException e) {
      return UNKNOWN;
    }
  }
}
