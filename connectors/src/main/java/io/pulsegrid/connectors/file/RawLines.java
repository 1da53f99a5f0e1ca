package io.pulsegrid.connectors.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream as bytes come in: at most one line in memory, and of one over the limit
 * nothing. With quotes, a line end between two quotes belongs to the line. A quote left open gives
 * itself away: by what follows the one taken for its end, by running over the limit, or by the end
 * of the stream. Then only its own physical line is lost, and the next one is read anew.
 */
final class RawLines {
  static final int MAX_BYTES = 1 << 20;

  // A file of open quotes would be read anew for ever; so much of it is, then lines go as a whole.
  private static final long ANEW_AT_FIRST = 32L * MAX_BYTES;
  private static final int ANEW_PER_BYTE = 8;

  private static final String NEVER_CLOSED =
      "a quote is never closed, or closed on a later line with more behind it";

  private final InputStream stream;
  private final boolean quotes;
  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int filled;

  private byte[] line = new byte[4096];
  private int length;
  private long nextLineNumber = 1;
  private Quoting quoting = Quoting.FIELD_START;
  private boolean broken;
  private int firstBreak;

  // What is read once more, before the stream goes on.
  private byte[] again = new byte[0];
  private int againPosition;
  private int againStart;
  private boolean fromStream;
  private long mayReadAnew = ANEW_AT_FIRST;

  /** The characters behind which a quote opens a field: all that may be, until the header tells. */
  private String separators = CsvFormat.SEPARATORS;

  /**
   * @param quotes whether a line may go on between quotes, as in CSV
   */
  RawLines(InputStream stream, boolean quotes) {
    this.stream = stream;
    this.quotes = quotes;
  }

  /** Makes {@code separator} the only one of the lines to come. */
  void separateBy(char separator) {
    separators = String.valueOf(separator);
  }

  /** A line as it stands in the file. */
  sealed interface Raw {
    long number();

    record Text(long number, String text) implements Raw {}

    /** A line that cannot be read, and why; what it held is skipped. */
    record Unreadable(long number, String reason) implements Raw {}
  }

  /** The next line without its end; null after the last. */
  @Nullable Raw next() throws IOException {
    long number = nextLineNumber;
    length = 0;
    quoting = Quoting.FIELD_START;
    broken = false;
    firstBreak = -1;
    againStart = againPosition;
    fromStream = false;
    int read = read();
    if (read < 0) {
      return null;
    }
    while (read >= 0 && !endsLine(read)) {
      if ((broken || length == MAX_BYTES) && goesBack(number, read)) {
        return new Raw.Unreadable(number, NEVER_CLOSED);
      }
      if (length == MAX_BYTES) {
        skipPhysicalLine(read);
        return new Raw.Unreadable(
            number, "is longer than 1 MiB (1048576 bytes) and was skipped" + perhapsAQuote());
      }
      append((byte) read);
      read = read();
    }
    boolean open = read < 0 && quoting == Quoting.QUOTED;
    return open && goesBack(number, read) ? new Raw.Unreadable(number, NEVER_CLOSED) : text(number);
  }

  /**
   * Goes back to the second physical line of the current one, if it has more than one and not too
   * much was read anew before.
   *
   * @param last what was read but not appended; negative at the stream's end
   */
  private boolean goesBack(long number, int last) {
    int from = firstBreak + 1;
    int rest = length - from;
    if (firstBreak < 0 || rest > mayReadAnew) {
      return false;
    }
    mayReadAnew -= rest;
    nextLineNumber = number + 1;
    if (fromStream) {
      // All that was to be read again lies in the line, so the line's rest is all there is now.
      again = Arrays.copyOf(Arrays.copyOfRange(line, from, length), last < 0 ? rest : rest + 1);
      if (last >= 0) {
        again[rest] = (byte) last;
      }
      againPosition = 0;
    } else {
      againPosition = againStart + from;
    }
    return true;
  }

  private boolean endsLine(int read) {
    if (read == '\n') {
      nextLineNumber++;
    }
    if (quotes) {
      broken |=
          quoting == Quoting.CLOSED && "\"\r\n".indexOf(read) < 0 && separators.indexOf(read) < 0;
      quoting = quoting.after(read, separators);
    }
    // Behind a broken quote nobody knows what is quoted: the line ends where it seems to.
    boolean goesOn = quoting == Quoting.QUOTED && !broken;
    if (read == '\n' && goesOn && firstBreak < 0) {
      firstBreak = length;
    }
    return read == '\n' && !goesOn;
  }

  private void skipPhysicalLine(int last) throws IOException {
    int read = last;
    while (read >= 0 && read != '\n') {
      read = read();
      if (read == '\n') {
        nextLineNumber++;
      }
    }
  }

  /** Where in a CSV field a byte stands: only a quote at its start opens one. */
  private enum Quoting {
    FIELD_START,
    BARE,
    QUOTED,
    /** Behind a quote within quotes: the end of the field, or the first of a doubled one. */
    CLOSED;

    Quoting after(int read, String separators) {
      return switch (this) {
        case FIELD_START -> read == '"' ? QUOTED : bare(read, separators);
        case BARE -> bare(read, separators);
        case QUOTED -> read == '"' ? CLOSED : QUOTED;
        case CLOSED -> read == '"' ? QUOTED : bare(read, separators);
      };
    }

    private static Quoting bare(int read, String separators) {
      return separators.indexOf(read) >= 0 ? FIELD_START : BARE;
    }
  }

  private String perhapsAQuote() {
    return quotes ? "; perhaps a quote is never closed" : "";
  }

  private Raw text(long number) {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    int start = number == 1 && startsWithByteOrderMark(end) ? 3 : 0;
    try {
      return new Raw.Text(
          number,
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line, start, end - start))
              .toString());
    } catch (CharacterCodingException broken) {
      return new Raw.Unreadable(number, "is not valid UTF-8");
    }
  }

  private boolean startsWithByteOrderMark(int end) {
    return end >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
  }

  private void append(byte value) {
    if (length == line.length) {
      line = Arrays.copyOf(line, Math.min(MAX_BYTES, length * 2));
    }
    line[length++] = value;
  }

  private int read() throws IOException {
    if (againPosition < again.length) {
      return again[againPosition++] & 0xff;
    }
    int read = readStream();
    fromStream = true;
    mayReadAnew += read < 0 ? 0 : ANEW_PER_BYTE;
    return read;
  }

  private int readStream() throws IOException {
    if (position == filled) {
      filled = stream.read(buffer, 0, buffer.length);
      position = 0;
      if (filled <= 0) {
        filled = 0;
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }
}
