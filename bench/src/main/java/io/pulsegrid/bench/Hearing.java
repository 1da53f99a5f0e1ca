package io.pulsegrid.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * One subscriber's end of an event stream, read as it comes: whether it listens by now, and the
 * numbers of the posts that it is told of. It keeps no text, for there are many.
 */
final class Hearing {
  /** What the native ids of posts that are to be heard begin with; a whole number follows. */
  static final String MARK = "event-";

  private static final byte[] ACCEPTED = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LISTENS = "retry:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] POST = ("\"nativeId\":\"" + MARK).getBytes(StandardCharsets.US_ASCII);

  private int read;
  private boolean accepted = true;
  private boolean listens;
  private int matched;
  private boolean inNumber;
  private int number;

  /** Whether the stream has begun: whatever is told from now on is heard. */
  boolean listens() {
    return listens;
  }

  /** Takes what has come; tells the number of each post in it. */
  void take(ByteBuffer bytes, IntConsumer heard) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (read < ACCEPTED.length) {
        accepted &= next == ACCEPTED[read++];
      } else if (!accepted) {
        throw new IllegalStateException("a subscription was refused");
      } else if (!listens) {
        listens = matches(LISTENS, next);
      } else if (inNumber) {
        number(next, heard);
      } else if (matches(POST, next)) {
        inNumber = true;
        number = 0;
      }
    }
  }

  private void number(byte next, IntConsumer heard) {
    if (next >= '0' && next <= '9') {
      number = 10 * number + next - '0';
    } else {
      inNumber = false;
      heard.accept(number);
    }
  }

  private boolean matches(byte[] wanted, byte next) {
    if (next == wanted[matched]) {
      matched++;
    } else {
      matched = next == wanted[0] ? 1 : 0;
    }
    boolean whole = matched == wanted.length;
    if (whole) {
      matched = 0;
    }
    return whole;
  }
}
