package io.pulsegrid.node.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command lines of the processes that the launcher starts, on the JDK that it runs on. */
record Jvm(Path home) {
  /** From {@code pulsegrid.home}, where {@code config/jvm.options} stands. */
  static Jvm current() {
    return new Jvm(Path.of(System.getProperty("pulsegrid.home", ".")).toAbsolutePath().normalize());
  }

  List<String> node(UpOptions.Plan plan, int index, GridPorts ports) {
    var command = new ArrayList<String>();
    command.add(java());
    command.add("@" + home.resolve("config/jvm.options"));
    command.addAll(
        List.of("-Xmx1g", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError"));
    String classPath = System.getProperty("java.class.path");
    command.addAll(archive(classPath, index == 0));
    // Later options win, so a person's own heap replaces the one above.
    command.addAll(words(System.getenv("PULSEGRID_JAVA_OPTIONS")));
    command.add("-cp");
    command.add(classPath);
    command.add("io.pulsegrid.node.PulsegridNode");
    command.addAll(files(plan));
    command.add("--pulsegrid.node.index=" + index);
    command.add("--pulsegrid.node.stop-with-input=true");
    command.add("--server.port=" + (plan.port() + index));
    command.add(ports.clientArgument(index));
    if (plan.outer().find("pulsegrid.grid.addresses").isEmpty()
        && plan.outer().find("pulsegrid.grid.discovery").isEmpty()) {
      command.addAll(ports.arguments(index));
    } else if (index > 0) {
      command.add(counted(plan, "pulsegrid.grid.discovery-port", GridPorts.DISCOVERY, index));
      command.add(
          counted(plan, "pulsegrid.grid.communication-port", GridPorts.COMMUNICATION, index));
    }
    return command;
  }

  /**
   * Classes as a JVM has them in memory, in a file beside the jars (class data sharing): a start
   * from it takes a third less of the processor. The JVM itself sees to it that the file fits its
   * jars and its version, and does without where it does not.
   *
   * @param writes whether this node writes it, when it ends in order and there is none that fits: a
   *     few seconds, so one node is enough. A crash at that leaves a file that does not fit.
   */
  static List<String> archive(String classPath, boolean writes) {
    List<Path> entries = Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList();
    @Nullable Path directory = entries.getFirst().toAbsolutePath().getParent();
    if (directory == null
        || !entries.stream().allMatch(Files::isRegularFile)
        || !Files.isWritable(directory)) {
      // Directories of classes cannot be kept so.
      return List.of();
    }
    Path archive = directory.resolve("node.jsa");
    boolean whole = isWhole(archive);
    if (writes && !whole) {
      // The JVM would neither start from half a file nor write over it.
      boolean _ = archive.toFile().delete();
    }
    List<String> options = new ArrayList<>();
    if (writes || whole) {
      // Without the file, the option alone would cost the JVM the classes of its own archive too.
      options.add("-XX:SharedArchiveFile=" + archive);
      // It would tell on the console of each class that cannot be kept, and as an error that ours
      // is not its own archive.
      options.addAll(List.of("-Xlog:cds*=off", "-Xlog:aot*=off"));
    }
    if (writes) {
      options.add("-XX:+AutoCreateSharedArchive");
    }
    return options;
  }

  /** Whether an archive was written to its end: its head comes last. */
  private static boolean isWhole(Path archive) {
    try (InputStream in = Files.newInputStream(archive)) {
      byte[] head = in.readNBytes(4);
      return head.length == 4 && (head[0] | head[1] | head[2] | head[3]) != 0;
    } catch (IOException none) {
      return false;
    }
  }

  /** Where a node finds its files, its settings among them. */
  List<String> files(UpOptions.Plan plan) {
    var arguments = new ArrayList<String>();
    arguments.add("--pulsegrid.data=" + plan.data());
    if (plan.outer().find("pulsegrid.config").isEmpty()) {
      arguments.add("--pulsegrid.config=" + home.resolve("config"));
    }
    Path config = plan.config();
    if (config != null) {
      arguments.add("--spring.config.additional-location=file:" + config.toAbsolutePath());
    }
    return arguments;
  }

  List<String> sim(int port) {
    Path target = home.resolve("platform-sim/target");
    String built = target.resolve("*") + File.pathSeparator + target.resolve("lib/*");
    return List.of(
        java(),
        "-Xmx256m",
        "-Dpulsegrid.stop-with-input=true",
        "-cp",
        System.getProperty("pulsegrid.sim.class-path", built),
        "io.pulsegrid.sim.SimMain",
        "--port",
        String.valueOf(port));
  }

  /** The port of a later node on this machine: they count up, as those of HTTP do. */
  private static String counted(UpOptions.Plan plan, String key, int byDefault, int index) {
    int first = plan.outer().find(key).map(Integer::parseInt).orElse(byDefault);
    return "--" + key + "=" + (first + index);
  }

  private static String java() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return Files.isExecutable(java) ? java.toString() : "java";
  }

  private static List<String> words(@Nullable String text) {
    return text == null || text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
  }
}
