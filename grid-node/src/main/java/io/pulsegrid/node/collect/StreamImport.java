package io.pulsegrid.node.collect;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.connectors.file.ImportLine;
import io.pulsegrid.connectors.file.ImportReader;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.PostImport;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Import of a stream: read in batches, each of which is durable before the next is read. When too
 * much waits behind the intake, the stream is read no further until there is room, which slows the
 * sender down; only an intake that stays shut ends the import.
 */
public final class StreamImport implements PostImport {
  private static final int BATCH = 500;

  /** Long texts make small batches: a batch stays at a few megabytes whatever the lines hold. */
  private static final int BATCH_CHARACTERS = 2_000_000;

  private static final int MOST_ERRORS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Logger log = LoggerFactory.getLogger(StreamImport.class);

  private final Intake intake;
  private final Pause pause;
  private final MeterRegistry meters;

  /** How waiting is done: {@code Thread::sleep} in production. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration length) throws InterruptedException;
  }

  public StreamImport(Intake intake, Pause pause, MeterRegistry meters) {
    this.intake = intake;
    this.pause = pause;
    this.meters = meters;
  }

  @Override
  public Answer read(WorkspaceId workspace, InputStream stream, Options options) {
    Tally tally = new Tally(workspace);
    ImportReader reader;
    try {
      reader = new ImportReader(stream, options);
      for (ImportLine line = reader.next(); line != null; line = reader.next()) {
        tally.add(line);
      }
    } catch (IOException broken) {
      // The answer says that what came before is kept; a store that refuses it now says so instead.
      tally.flush();
      throw PulsegridException.of(
          FailureCode.MALFORMED,
          "the stream broke off after line "
              + tally.lastLine
              + "; what came before is kept, and importing again is harmless",
          broken);
    }
    tally.flush();
    Answer answer = tally.answer(reader.ignoredColumns());
    log.info(
        "Imported into {}: {} accepted, {} unchanged, {} rejected",
        workspace,
        answer.accepted(),
        answer.unchanged(),
        answer.rejected());
    return answer;
  }

  /** One import on its way. */
  private final class Tally {
    private final WorkspaceId workspace;
    private final List<IncomingPost> batch = new ArrayList<>(BATCH);
    private final List<Long> batchLines = new ArrayList<>(BATCH);
    private final List<LineError> errors = new ArrayList<>();
    private int batchCharacters;
    private long accepted;
    private long unchanged;
    private long rejected;
    private long lastLine;

    Tally(WorkspaceId workspace) {
      this.workspace = workspace;
    }

    void add(ImportLine line) {
      lastLine = line.line();
      switch (line) {
        case ImportLine.Good good -> {
          batch.add(good.post());
          batchLines.add(good.line());
          batchCharacters += characters(good.post().content());
          if (batch.size() == BATCH || batchCharacters > BATCH_CHARACTERS) {
            flush();
          }
        }
        case ImportLine.Bad bad -> {
          reject();
          for (FieldError error : bad.errors()) {
            note(bad.line(), error.field(), error.message());
          }
        }
      }
    }

    void flush() {
      if (batch.isEmpty()) {
        return;
      }
      List<Intake.Receipt> receipts = take();
      for (int i = 0; i < receipts.size(); i++) {
        switch (receipts.get(i)) {
          case Intake.Receipt.Accepted _ -> accepted++;
          case Intake.Receipt.Unchanged _ -> unchanged++;
          case Intake.Receipt.Parked parked -> {
            reject();
            note(batchLines.get(i), "line", "the store refuses it: " + parked.reason());
          }
        }
      }
      batch.clear();
      batchLines.clear();
      batchCharacters = 0;
    }

    private List<Intake.Receipt> take() {
      Duration waited = Duration.ZERO;
      while (true) {
        try {
          return intake.take(workspace, List.copyOf(batch));
        } catch (PulsegridException notNow) {
          Duration wait = notNow.retryAfter().orElse(Duration.ofSeconds(1));
          // The first batch is refused at once: nothing has been taken, the sender can come back.
          boolean underWay = accepted + unchanged > 0;
          waited = waited.plus(wait);
          if (notNow.code() != FailureCode.UNAVAILABLE
              || !underWay
              || waited.compareTo(PATIENCE) > 0) {
            throw notNow;
          }
          pauseFor(wait, notNow);
        }
      }
    }

    private void pauseFor(Duration wait, PulsegridException why) {
      try {
        pause.of(wait);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw why;
      }
    }

    private void reject() {
      rejected++;
      meters.counter("pulsegrid.import.posts", "outcome", "rejected").increment();
    }

    private void note(long line, String field, String message) {
      if (errors.size() < MOST_ERRORS) {
        errors.add(new LineError(line, field, message));
      }
    }

    Answer answer(List<String> ignoredColumns) {
      meters.counter("pulsegrid.import.posts", "outcome", "accepted").increment((double) accepted);
      meters
          .counter("pulsegrid.import.posts", "outcome", "unchanged")
          .increment((double) unchanged);
      return new Answer(accepted, unchanged, rejected, errors, ignoredColumns);
    }

    private static int characters(Content content) {
      return length(content.title()) + length(content.text()) + length(content.url());
    }

    private static int length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }
  }
}
