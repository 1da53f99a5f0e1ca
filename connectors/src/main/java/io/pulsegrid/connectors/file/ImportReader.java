package io.pulsegrid.connectors.file;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostImport;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of posts, read line by line. Nothing but the current line is held, and no line ends the
 * reading. Used by one thread; the caller closes the stream.
 */
public final class ImportReader {
  private final RawLines lines;
  private final PostImport.Options options;
  private final Columns columns;
  private final ImportDates dates;
  private final LineFormat format;

  /**
   * Opens a stream; of a CSV, reads the header.
   *
   * @throws PulsegridException {@code INVALID} for options or a header with which no line could be
   *     taken, naming the option or field
   */
  public ImportReader(InputStream stream, PostImport.Options options) throws IOException {
    this.options = options;
    this.columns = new Columns(options.columns());
    this.dates = new ImportDates(options.dateFormat(), options.zone());
    this.lines = new RawLines(stream, options.format() == PostImport.Format.CSV);
    this.format =
        switch (options.format()) {
          case NDJSON -> new NdjsonFormat(columns);
          case CSV -> {
            var csv = new CsvFormat(header(), columns, options.platform());
            lines.separateBy(csv.separator());
            yield csv;
          }
        };
  }

  private String header() throws IOException {
    return switch (lines.next()) {
      case null -> throw PulsegridException.invalid("header", "the file is empty");
      case RawLines.Raw.Text text -> text.text();
      case RawLines.Raw.Unreadable unreadable ->
          throw PulsegridException.invalid("header", unreadable.reason());
    };
  }

  /** The next line that is not blank; null after the last. */
  public @Nullable ImportLine next() throws IOException {
    RawLines.Raw raw = lines.next();
    while (raw instanceof RawLines.Raw.Text text && format.isEmpty(text.text())) {
      raw = lines.next();
    }
    return switch (raw) {
      case null -> null;
      case RawLines.Raw.Unreadable unreadable ->
          new ImportLine.Bad(
              unreadable.number(), List.of(new FieldError(Draft.WHOLE_LINE, unreadable.reason())));
      case RawLines.Raw.Text text -> {
        Draft draft = new Draft(dates, options.platform());
        format.read(text.text(), draft);
        yield draft.finish(text.number());
      }
    };
  }

  /** The names met so far that no field of ours has, each once, in their order. */
  public List<String> ignoredColumns() {
    return columns.ignored();
  }
}
