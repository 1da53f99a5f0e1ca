package io.pulsegrid.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One import on its way: lines are gathered into pieces, and only so many pieces are on their way
 * at once. Whoever hands over lines waits as long as the grid cannot take more.
 */
final class Pieces {
  /** As many as the grid stores at once. */
  private static final int LINES = 1_000;

  private static final int BYTES = 1 << 20;

  private final Calling calling;
  private final ExecutorService threads;
  private final byte[] options;
  private final int parallel;
  private final Semaphore places;

  private ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private int lines;
  private long sent;

  @GuardedBy("this")
  private ImportResult sum = ImportResult.NONE;

  @GuardedBy("this")
  private @Nullable PulsegridException failure;

  Pieces(Calling calling, ExecutorService threads, ImportOptions options) {
    this.calling = calling;
    this.threads = threads;
    this.options = Envelope.JSON.writeValueAsBytes(new Platform(options.platform()));
    this.parallel = options.parallel();
    this.places = new Semaphore(parallel);
  }

  private record Platform(@Nullable String platform) {}

  /** Takes lines until there are none; answers what became of all. */
  ImportResult take(Iterator<byte[]> all) {
    while (all.hasNext()) {
      byte[] line = all.next();
      piece.writeBytes(line);
      piece.write('\n');
      lines++;
      if (lines == LINES || piece.size() >= BYTES) {
        send();
      }
    }
    if (lines > 0) {
      send();
    }
    enter(parallel);
    return result();
  }

  static byte[] line(NewPost post) {
    return Envelope.JSON.writeValueAsString(post).getBytes(StandardCharsets.UTF_8);
  }

  private void send() {
    enter(1);
    throwFailure();
    var body = new ByteArrayOutputStream(options.length + 1 + piece.size());
    body.writeBytes(options);
    body.write('\n');
    body.writeBytes(piece.toByteArray());
    long before = sent;
    Future<?> _ =
        threads.submit(
            () -> {
              try {
                add(before, calling.ask("posts.import", body.toByteArray(), null));
              } catch (PulsegridException failed) {
                fail(failed);
              } finally {
                places.release();
              }
            });
    sent += lines;
    lines = 0;
    piece = new ByteArrayOutputStream();
  }

  private void enter(int wanted) {
    try {
      places.acquire(wanted);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw PulsegridException.of(
          PulsegridException.UNAVAILABLE,
          503,
          "interrupted in an import; what was taken is kept, and importing again is harmless",
          stopping);
    }
  }

  private synchronized void add(long linesBefore, byte[] answer) {
    ImportResult one = Envelope.JSON.readValue(answer, ImportResult.class);
    List<ImportResult.LineError> errors = new ArrayList<>(sum.errors());
    for (ImportResult.LineError error : one.errors()) {
      if (errors.size() < ImportResult.MOST_ERRORS) {
        errors.add(
            new ImportResult.LineError(linesBefore + error.line(), error.field(), error.message()));
      }
    }
    sum =
        new ImportResult(
            sum.accepted() + one.accepted(),
            sum.unchanged() + one.unchanged(),
            sum.rejected() + one.rejected(),
            errors);
  }

  private synchronized void fail(PulsegridException failed) {
    if (failure == null) {
      failure = failed;
    }
  }

  private synchronized void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized ImportResult result() {
    throwFailure();
    List<ImportResult.LineError> ordered =
        sum.errors().stream()
            .sorted(java.util.Comparator.comparingLong(ImportResult.LineError::line))
            .toList();
    return new ImportResult(sum.accepted(), sum.unchanged(), sum.rejected(), ordered);
  }
}
