package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file of posts, or the standard input, and which of the two forms it has: by its name, else by
 * its first character.
 */
final class ImportFile implements AutoCloseable {
  private static final String NDJSON = "application/x-ndjson";
  private static final String CSV = "text/csv";
  private static final int LOOK_AHEAD = 4096;

  private final BufferedInputStream input;
  private final long sizeBytes;
  private final String contentType;

  private ImportFile(BufferedInputStream input, long sizeBytes, String contentType) {
    this.input = input;
    this.sizeBytes = sizeBytes;
    this.contentType = contentType;
  }

  static ImportFile open(String name) throws IOException {
    if (name.equals("-")) {
      var input = new BufferedInputStream(System.in, 1 << 16);
      return new ImportFile(input, -1, sniffed(input));
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new SettingRefused("the file " + file + " is absent or cannot be read");
    }
    var input = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    String lower = name.toLowerCase(Locale.ROOT);
    String type =
        lower.endsWith(".csv")
            ? CSV
            : lower.endsWith(".ndjson") || lower.endsWith(".jsonl") ? NDJSON : sniffed(input);
    return new ImportFile(input, Files.size(file), type);
  }

  /** -1 when it is not known. */
  long sizeBytes() {
    return sizeBytes;
  }

  String contentType() {
    return contentType;
  }

  /** Its bytes. */
  InputStream stream() {
    return input;
  }

  /** Its bytes, each told to {@code progress} as it is handed on. */
  InputStream counted(Progress progress) {
    return new FilterInputStream(input) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
          progress.moved(1);
        }
        return value;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
          progress.moved(count);
        }
        return count;
      }
    };
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private static String sniffed(BufferedInputStream input) throws IOException {
    input.mark(LOOK_AHEAD);
    int first = input.read();
    for (int i = 1; i < LOOK_AHEAD && isBlank(first); i++) {
      first = input.read();
    }
    input.reset();
    if (first == '[') {
      throw new SettingRefused("a JSON array is not NDJSON: one object a line is expected");
    }
    return first == '{' ? NDJSON : CSV;
  }

  // Spaces, line ends, and the bytes of a byte order mark.
  private static boolean isBlank(int value) {
    return value == ' '
        || value == '\t'
        || value == '\r'
        || value == '\n'
        || value == 0xEF
        || value == 0xBB
        || value == 0xBF;
  }
}
