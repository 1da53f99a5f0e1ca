package io.pulsegrid.chaos.node;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/** The project's root, where {@code config/jvm.options} stands. */
public final class Home {
  private static final List<String> MODULES =
      List.of("core", "connectors", "compute-tasks", "api", "grid-node");

  private Home() {}

  /** As {@code pulsegrid.home} says, else the first above the working directory. */
  public static Path path() {
    String told = System.getProperty("pulsegrid.home");
    if (told != null) {
      return Path.of(told).toAbsolutePath().normalize();
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("config/jvm.options"))) {
        return at;
      }
    }
    throw new IllegalStateException("config/jvm.options is nowhere above this directory");
  }

  /**
   * What nodes and their launcher run on: what {@code pulsegrid.node.class-path} says, else the
   * jars as they are packaged. Where a class is newer than its jar, as after a build that packages
   * nothing, it is the class path of this JVM.
   */
  static String nodeClassPath() {
    String told = System.getProperty("pulsegrid.node.class-path");
    if (told != null) {
      return told;
    }
    Path target = path().resolve("grid-node/target");
    try {
      List<Path> jars = jars(target);
      if (jars.size() == 1 && MODULES.stream().allMatch(module -> isPackaged(target, module))) {
        return jars.getFirst() + File.pathSeparator + target.resolve("lib") + File.separator + "*";
      }
    } catch (IOException none) {
      // Nothing was packaged yet.
    }
    return System.getProperty("java.class.path");
  }

  private static List<Path> jars(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(file -> isOf("grid-node", file)).toList();
    }
  }

  private static boolean isPackaged(Path target, String module) {
    Path where = module.equals("grid-node") ? target : target.resolve("lib");
    try (Stream<Path> files = Files.list(where);
        Stream<Path> classes = Files.walk(path().resolve(module).resolve("target/classes"))) {
      FileTime packaged =
          files
              .filter(file -> isOf(module, file))
              .map(Home::changed)
              .findFirst()
              .orElse(FileTime.fromMillis(0));
      return classes
          .filter(Files::isRegularFile)
          .allMatch(file -> changed(file).compareTo(packaged) <= 0);
    } catch (IOException none) {
      return false;
    }
  }

  private static boolean isOf(String module, Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("pulsegrid-" + module + "-") && name.endsWith(".jar");
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
