package io.pulsegrid.compute.embedding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Resources of the program as files in the cache, named by their content. */
final class Unpacked {
  private Unpacked() {}

  /** Eight digits of a content's SHA-256. */
  static String digest(InputStream content) throws IOException {
    try (DigestInputStream digesting = new DigestInputStream(content, sha256())) {
      digesting.transferTo(OutputStream.nullOutputStream());
      byte[] digest = digesting.getMessageDigest().digest();
      return HexFormat.of().formatHex(digest, 0, 4);
    }
  }

  /** Makes a file hold a resource, unless it already does. */
  static void unpack(String resource, Path file) throws IOException {
    try (InputStream content = open(resource)) {
      write(content.readAllBytes(), file);
    }
  }

  /** Makes a file hold some content, unless it already does. */
  static void write(byte[] content, Path file) throws IOException {
    if (Files.isRegularFile(file)
        && digest(Files.newInputStream(file)).equals(digest(new ByteArrayInputStream(content)))) {
      return;
    }
    Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
    // Written aside and moved: another process sees the whole file or none.
    Path part = Files.createTempFile(directory, "unpacking", ".part");
    try {
      Files.write(part, content);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  static boolean exists(String resource) {
    return Unpacked.class.getResource(resource) != null;
  }

  static InputStream open(String resource) {
    InputStream in = Unpacked.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the program must carry " + resource + ", but does not");
    }
    return in;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
