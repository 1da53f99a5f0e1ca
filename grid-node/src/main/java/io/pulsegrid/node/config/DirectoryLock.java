package io.pulsegrid.node.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory held by this process: a lock on a file in it that names the holder's pid. The
 * operating system lets go of it when the process ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock; the directory is made when it is missing.
   *
   * @throws SettingRefused naming the pid when another process holds it
   */
  public static DirectoryLock take(Path directory, String name) {
    return attempt(directory, name)
        .orElseThrow(
            () ->
                new SettingRefused(
                    directory
                        + " is in use by a running "
                        + name
                        + holder(directory, name).map(pid -> " (pid " + pid + ")").orElse("")
                        + "; stop it first, or choose another directory with --data"));
  }

  /** Takes the lock; empty when another process holds it. */
  public static Optional<DirectoryLock> attempt(Path directory, String name) {
    try {
      Files.createDirectories(directory);
      var channel =
          FileChannel.open(
              file(directory, name),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        return Optional.empty();
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      return Optional.of(new DirectoryLock(channel));
    } catch (IOException e) {
      throw new SettingRefused("the data directory " + directory + " cannot be written: " + e);
    }
  }

  /** Whether the lock was ever taken here. */
  public static boolean isKnown(Path directory, String name) {
    return Files.exists(file(directory, name));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  private static Optional<String> holder(Path directory, String name) {
    try {
      return Optional.of(Files.readString(file(directory, name)).strip())
          .filter(pid -> !pid.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Path file(Path directory, String name) {
    return directory.resolve(name + ".lock");
  }
}
