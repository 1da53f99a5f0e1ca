package io.pulsegrid.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * How far the indexes of a bench have come and what that took, kept beside them: a run that was
 * stopped goes on there.
 */
final class BuildLog {
  private static final String NAME = "done";
  private static final long TOLD_EVERY = 50_000;

  private final Path file;
  private final PrintStream progress;

  /** Puts that an earlier run has committed. */
  private long done;

  private long puts;

  /** Seconds. */
  double ours;

  double bytes;
  double theirs;
  double pgvector;

  BuildLog(Path folder, PrintStream progress) throws IOException {
    file = folder.resolve(NAME);
    this.progress = progress;
    if (Files.exists(file)) {
      String[] figures = Files.readString(file).strip().split(" ", -1);
      done = Long.parseLong(figures[0]);
      ours = Double.parseDouble(figures[1]);
      bytes = Double.parseDouble(figures[2]);
      theirs = Double.parseDouble(figures[3]);
      pgvector = figures.length > 4 ? Double.parseDouble(figures[4]) : 0;
      progress.printf(Locale.ROOT, "goes on after %,d puts of an earlier run%n", done);
    }
  }

  boolean isResumed() {
    return done > 0;
  }

  /** Counts puts; whether an earlier run has done them. */
  boolean isDone(int more) {
    puts += more;
    return puts <= done;
  }

  /**
   * All puts so far are committed. A run that dies before puts some again, which changes nothing.
   */
  void keep() throws IOException {
    Path fresh = file.resolveSibling(NAME + ".new");
    Files.writeString(fresh, puts + " " + ours + " " + bytes + " " + theirs + " " + pgvector);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    if (puts % TOLD_EVERY == 0) {
      progress.printf(
          Locale.ROOT,
          "%,d put: ours %.0f s, int8 %.0f s, bare lucene %.0f s, pgvector %.0f s%n",
          puts,
          ours,
          bytes,
          theirs,
          pgvector);
    }
  }
}
