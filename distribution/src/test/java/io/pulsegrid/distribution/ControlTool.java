package io.pulsegrid.distribution;

import io.pulsegrid.distribution.RunningImage.Said;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code ./pulsegrid control} against the running image, with one key or another. */
record ControlTool(RunningImage image) {

  /** With the key that the first start wrote. */
  Said asAdmin(String... command) throws IOException, InterruptedException {
    return run(Map.of(), List.of("--data", image.data().toString()), command);
  }

  Said withKey(String key, String... command) throws IOException, InterruptedException {
    return run(Map.of("PULSEGRID_KEY", key), List.of(), command);
  }

  /** Where no key is to be found. */
  Said withoutKey(String... command) throws IOException, InterruptedException {
    return run(Map.of(), List.of("--data", image.home().toString()), command);
  }

  private Said run(Map<String, String> environment, List<String> ours, String... command)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("control"));
    arguments.addAll(List.of("--port", String.valueOf(image.programs())));
    arguments.addAll(ours);
    arguments.addAll(List.of(command));
    return image.pulsegridWith(environment, arguments.toArray(String[]::new));
  }

  /** Whether a word stood on any process's command line while something ran. */
  static final class Onlooker implements AutoCloseable {
    private final AtomicBoolean seen = new AtomicBoolean();
    private final AtomicBoolean sawTheTool = new AtomicBoolean();
    private final Thread thread;

    Onlooker(String word) {
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      look(word);
                    }
                  });
    }

    private void look(String word) {
      ProcessHandle.allProcesses()
          .map(Onlooker::commandLine)
          .forEach(
              line -> {
                seen.compareAndSet(false, line.contains(word));
                sawTheTool.compareAndSet(false, line.contains("launch.Main\0control"));
              });
    }

    private static String commandLine(ProcessHandle process) {
      try {
        return Files.readString(
            Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      } catch (IOException gone) {
        return process.info().commandLine().orElse("");
      }
    }

    boolean sawTheTool() {
      return sawTheTool.get();
    }

    boolean sawTheWord() {
      return seen.get();
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
