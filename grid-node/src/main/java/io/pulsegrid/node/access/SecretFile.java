package io.pulsegrid.node.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A one-line file that only its owner may read (mode 600), and that is never seen half written. */
public record SecretFile(Path path) {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What the file says; empty when there is none. */
  public Optional<String> read() {
    try {
      return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /**
   * What the file says, made first if there is none. Of several processes that make it at once one
   * wins, and all of them read what it wrote.
   */
  public String readOrCreate(Supplier<String> secret) {
    Optional<String> there = read();
    if (there.isPresent()) {
      return there.get();
    }
    try {
      create(secret.get());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
    return read().orElseThrow(() -> new IllegalStateException(path + " was just removed"));
  }

  // Written whole under another name and then linked, which fails where the name is taken: a crash
  // leaves either no file or a whole one, and never replaces another's.
  private void create(String secret) throws IOException {
    Path directory = Files.createDirectories(path.toAbsolutePath().getParent());
    Path draft = Files.createTempFile(directory, path.getFileName().toString(), ".new", OWNER_ONLY);
    try {
      try (FileChannel out = FileChannel.open(draft, Set.of(StandardOpenOption.WRITE))) {
        out.write(ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.UTF_8)));
        out.force(true);
      }
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first; its secret is the one.
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
