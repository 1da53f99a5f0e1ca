package io.pulsegrid.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who may read the secrets of a data directory.
 *
 * @param isFixed whether a file's mode is given by what mounts it, and not to be changed here
 */
record SecretModes(Path data, Predicate<Path> isFixed) {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_WRITE);

  void look(List<Finding> findings) {
    for (String name : List.of("credentials.key", "admin.key", "postgres.url")) {
      Path file = data.resolve(name);
      try {
        PosixFileAttributeView modes =
            Files.getFileAttributeView(file, PosixFileAttributeView.class);
        // Null on a file system that knows no modes: there is nothing to be set.
        if (modes != null && Files.exists(file)) {
          look(name, file, modes.readAttributes().permissions(), findings);
        }
      } catch (IOException e) {
        findings.add(
            Finding.wrong(name, "it cannot be looked at: " + e.getMessage(), "run as its owner"));
      }
    }
  }

  private void look(
      String name, Path file, Set<PosixFilePermission> modes, List<Finding> findings) {
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    open.retainAll(modes);
    boolean fixed = isFixed.test(file);
    if (fixed) {
      // Kubernetes gives a pod's user a secret by its group: to the user itself it never belongs.
      open.remove(PosixFilePermission.GROUP_READ);
    }
    if (!open.isEmpty()) {
      findings.add(
          Finding.wrong(
              name,
              "others may read " + file,
              fixed
                  ? "where it is mounted, leave it to its owner and group: defaultMode: 0440"
                  : "chmod 600 " + file));
    }
  }

  /** Whether a file stands on a file system that is mounted to be read only. */
  static boolean isFixed(Path file) {
    try {
      return Files.getFileStore(file).isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }
}
