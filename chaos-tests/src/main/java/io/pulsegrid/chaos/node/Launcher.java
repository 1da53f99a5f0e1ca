package io.pulsegrid.chaos.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the launcher's commands are called here. */
final class Launcher {
  private Launcher() {}

  /** A call of a command, such as {@code up}, for a process of its own. */
  static List<String> command(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpulsegrid.home=" + Home.path(),
                "-cp",
                // Its nodes run on the same.
                Home.nodeClassPath(),
                "io.pulsegrid.node.launch.Main",
                name));
    command.addAll(List.of(arguments));
    return command;
  }
}
