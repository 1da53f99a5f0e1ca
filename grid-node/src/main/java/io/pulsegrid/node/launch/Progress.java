package io.pulsegrid.node.launch;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * How far a transfer has come: a bar that redraws itself on a terminal, a line now and then
 * elsewhere. Used by one thread at a time.
 */
final class Progress {
  private static final int WIDTH = 30;
  private static final Duration REDRAW = Duration.ofMillis(200);
  private static final Duration NEXT_LINE = Duration.ofSeconds(10);

  private final long totalBytes;
  private final InstantSource clock;
  private final PrintStream out;
  private final boolean bar;
  private final Instant begun;
  private Instant shownAt;
  private long movedBytes;

  private Progress(long totalBytes, InstantSource clock, PrintStream out, boolean bar) {
    this.totalBytes = totalBytes;
    this.clock = clock;
    this.out = out;
    this.bar = bar;
    this.begun = clock.instant();
    this.shownAt = begun;
  }

  /**
   * A transfer that begins now.
   *
   * @param totalBytes -1 when it is not known
   * @param bar whether a person watches
   */
  static Progress of(long totalBytes, InstantSource clock, PrintStream out, boolean bar) {
    return new Progress(totalBytes, clock, out, bar);
  }

  void moved(int bytes) {
    movedBytes += bytes;
    Instant now = clock.instant();
    if (Duration.between(shownAt, now).compareTo(bar ? REDRAW : NEXT_LINE) >= 0) {
      shownAt = now;
      show(now, false);
    }
  }

  /** The last line, which stays. */
  void done() {
    show(clock.instant(), true);
  }

  private void show(Instant now, boolean last) {
    String line = line(Duration.between(begun, now), last);
    if (!bar) {
      out.println(line);
    } else {
      // Blanks wipe what a longer line left behind.
      out.printf("\r%-78s%s", line, last ? "\n" : "");
    }
    out.flush();
  }

  private String line(Duration took, boolean last) {
    double seconds = Math.max(0.001, took.toMillis() / 1000.0);
    double perSecond = movedBytes / seconds;
    var text = new StringBuilder();
    if (totalBytes > 0) {
      double share = last ? 1 : Math.min(1, (double) movedBytes / totalBytes);
      if (bar) {
        int full = (int) (share * WIDTH);
        text.append('[').append("#".repeat(full)).append(".".repeat(WIDTH - full)).append("] ");
      }
      text.append(String.format(Locale.ROOT, "%3d %%  ", (int) (share * 100)));
    }
    text.append(size(movedBytes)).append("  ").append(size((long) perSecond)).append("/s");
    if (last) {
      text.append(String.format(Locale.ROOT, "  %.1f s", seconds));
    } else if (totalBytes > 0 && perSecond > 0) {
      long left = (long) ((totalBytes - movedBytes) / perSecond);
      text.append("  ").append(left < 1 ? "waiting for the answer" : left + " s left");
    }
    return text.toString();
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
