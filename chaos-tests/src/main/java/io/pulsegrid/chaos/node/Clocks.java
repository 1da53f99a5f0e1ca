package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clocks of single processes, as they see them: a small library between them and libc adds
 * what a file says. Nothing in the product knows of it.
 */
public final class Clocks {
  private final Path library;
  private final Path offsets;

  private Clocks(Path library, Path offsets) {
    this.library = library;
    this.offsets = offsets;
  }

  /** Why clocks cannot be set here; empty where they can. */
  public static Optional<String> obstacle() throws InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("the library that sets one process's clock is for Linux");
    }
    return Shell.succeeds("gcc", "--version")
        ? Optional.empty()
        : Optional.of("no gcc here to build the library that sets one process's clock");
  }

  /** Builds the library below a directory. */
  public static Clocks in(Path work) throws IOException, InterruptedException {
    Path source = work.resolve("clock.c");
    Path library = work.resolve("clock.so");
    try (InputStream text = Clocks.class.getResourceAsStream("clock.c")) {
      if (text == null) {
        throw new IllegalStateException("clock.c is not packaged");
      }
      Files.write(source, text.readAllBytes());
    }
    String _ =
        Shell.run(
            "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl");
    return new Clocks(library, Files.createDirectories(work.resolve("clocks")));
  }

  /** What a process must find in its environment for its clock to be settable. */
  public Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "PULSEGRID_CHAOS_CLOCK", offsets.toString());
  }

  /** Puts a process's clock ahead, within 100 ms. */
  public void set(long pid, long seconds) {
    try {
      Path part = Files.writeString(offsets.resolve(pid + ".part"), seconds + "\n");
      Files.move(
          part, offsets.resolve(String.valueOf(pid)), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives a process the machine's time again. */
  public void reset(long pid) throws IOException {
    Files.deleteIfExists(offsets.resolve(String.valueOf(pid)));
  }
}
