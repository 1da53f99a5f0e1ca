package io.pulsegrid.chaos.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small disk of its own for a data directory: a file system in a file. It can be filled up to the
 * last block and emptied again without touching anything else on the machine.
 */
public final class Disk implements AutoCloseable {
  private static final String SIZE = "3G";
  private static final int BLOCK = 1 << 20;

  private final Path mounted;
  private final Runnable takeDown = this::takeDown;

  private Disk(Path mounted) {
    this.mounted = mounted;
    Remains.remember(takeDown);
  }

  /** Why there can be no such disk here; empty where there can. */
  public static Optional<String> obstacle() throws IOException, InterruptedException {
    Path probe = Files.createTempDirectory("pulsegrid-disk");
    try (Disk _ = mount(probe, "16M")) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("a file system in a file cannot be mounted here");
    } finally {
      Files.deleteIfExists(probe.resolve("disk.img"));
      Files.deleteIfExists(probe.resolve("data"));
      Files.deleteIfExists(probe);
    }
  }

  /** A disk mounted as {@code data} below a directory. */
  public static Disk below(Path work) throws IOException, InterruptedException {
    return mount(work, SIZE);
  }

  private static Disk mount(Path work, String size) throws IOException, InterruptedException {
    Path image = work.resolve("disk.img");
    Path data = Files.createDirectories(work.resolve("data"));
    String _ = Shell.run("truncate", "-s", size, image.toString());
    String _ = Shell.run("mkfs.ext4", "-q", "-m", "0", "-F", image.toString());
    String _ = Shell.run("mount", "-o", "loop", image.toString(), data.toString());
    Files.deleteIfExists(data.resolve("lost+found"));
    return new Disk(data);
  }

  /** Takes every free block: nearly all at once, the last ones piece by piece. */
  public void fill() throws IOException, InterruptedException {
    long spare = Files.getFileStore(mounted).getUsableSpace() - 16L * BLOCK;
    if (spare > 0) {
      String _ = Shell.run("fallocate", "-l", String.valueOf(spare), ballast().toString());
    }
    byte[] block = new byte[BLOCK];
    for (int size = BLOCK; size >= 4096; size /= 16) {
      try (OutputStream out =
          Files.newOutputStream(
              ballast(),
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND)) {
        while (true) {
          out.write(block, 0, size);
        }
      } catch (IOException full) {
        // No block of this size is left; smaller ones may be.
        if (!Files.exists(ballast())) {
          throw full;
        }
      }
    }
  }

  /** Gives back what {@link #fill} took. */
  public void free() throws IOException {
    Files.deleteIfExists(ballast());
  }

  /** Takes it down; the logs on it are kept beside it. */
  @Override
  public void close() {
    takeDown();
    Remains.forget(takeDown);
  }

  private void takeDown() {
    try {
      if (Files.exists(mounted.resolve("logs"))) {
        boolean _ =
            Shell.succeeds(
                "cp", "-r", mounted.resolve("logs").toString(), mounted.getParent() + "/logs");
      }
      // Lazily: a process that has just been ended may still hold a file for a moment.
      boolean _ = Shell.succeeds("umount", "-l", mounted.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path ballast() {
    return mounted.resolve("ballast");
  }
}
