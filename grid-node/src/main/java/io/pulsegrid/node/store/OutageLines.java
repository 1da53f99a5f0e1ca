package io.pulsegrid.node.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * What the log says while the store is away: of whatever failed for that reason, in our code or in
 * a library's, one line with its cause instead of a stack trace, a minute's repetitions as one, and
 * one line when it is over. All else is logged as it is. Safe for many threads.
 */
public final class OutageLines extends TurboFilter {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  /** For how long nothing must have failed until it counts as over. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** Messages that a library has put together differ towards their ends. */
  private static final int SAME = 40;

  private final LoggerContext logs;
  private final LongSupplier monotonicNanos;

  @GuardedBy("this")
  private final Map<String, Told> told = new HashMap<>();

  @GuardedBy("this")
  private @Nullable Span away;

  /** From the first failure to the latest. */
  private record Span(long firstNanos, long lastNanos) {}

  /** When a line was last written, and what was left out since. */
  private record Told(long atNanos, int leftOut) {}

  OutageLines(LoggerContext logs, LongSupplier monotonicNanos) {
    this.logs = logs;
    this.monotonicNanos = monotonicNanos;
  }

  /** Begins to watch this process's log. */
  public static OutageLines ofThisProcess(LongSupplier monotonicNanos) {
    var lines = new OutageLines((LoggerContext) LoggerFactory.getILoggerFactory(), monotonicNanos);
    lines.begin();
    return lines;
  }

  void begin() {
    setContext(logs);
    setName("outage-lines");
    start();
    logs.addTurboFilter(this);
  }

  /** Leaves the log alone from now on. */
  public void end() {
    stop();
    logs.getTurboFilterList().remove(this);
  }

  /** The store has just answered: says so where it was away, once nothing fails any more. */
  public void answered() {
    Span over;
    synchronized (this) {
      long now = monotonicNanos.getAsLong();
      if (away == null || now - away.lastNanos() < QUIET.toNanos()) {
        return;
      }
      over = away;
      away = null;
      told.clear();
    }
    long seconds = Duration.ofNanos(over.lastNanos() - over.firstNanos()).toSeconds();
    logs.getLogger(OutageLines.class)
        .info("The store answers again; what failed for want of it did so for {} s", seconds);
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    // Asked for each line of every level, written or not.
    if (format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    Throwable cause = thrown == null ? last(parameters) : thrown;
    SQLException failure = cause == null ? null : unreachable(cause);
    if (failure == null) {
      return FilterReply.NEUTRAL;
    }
    Told before = take(logger.getName() + format.substring(0, Math.min(SAME, format.length())));
    if (before != null) {
      String message = MessageFormatter.basicArrayFormat(format, parameters);
      logger.log(
          marker,
          Logger.FQCN,
          Level.toLocationAwareLoggerInteger(level),
          line(message, failure, before.leftOut()),
          null,
          null);
    }
    return FilterReply.DENY;
  }

  /** How the line before was told, where it is time for one; null where it is not. */
  private synchronized @Nullable Told take(String place) {
    long now = monotonicNanos.getAsLong();
    away = new Span(away == null ? now : away.firstNanos(), now);
    Told before = told.getOrDefault(place, new Told(now - BETWEEN.toNanos(), 0));
    boolean due = now - before.atNanos() >= BETWEEN.toNanos();
    told.put(place, due ? new Told(now, 0) : new Told(before.atNanos(), before.leftOut() + 1));
    return due ? before : null;
  }

  private static String line(String message, SQLException failure, int leftOut) {
    String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    String first = message.lines().findFirst().orElse("");
    return (first.contains(said) ? first : first + ": " + said)
        + (leftOut == 0 ? "" : " (and " + leftOut + " times more since it was last said)");
  }

  private static @Nullable Throwable last(Object @Nullable [] parameters) {
    return parameters != null
            && parameters.length > 0
            && parameters[parameters.length - 1] instanceof Throwable thrown
        ? thrown
        : null;
  }

  /**
   * What the driver or the pool said of a store that cannot be reached; null for other failures.
   */
  private static @Nullable SQLException unreachable(Throwable thrown) {
    SQLException found = null;
    boolean away = false;
    int depth = 0;
    for (Throwable at = thrown; at != null && depth < 30; at = at.getCause(), depth++) {
      if (at instanceof SQLException failure) {
        found = failure;
        away |= saysUnreachable(failure);
      }
    }
    return away ? found : null;
  }

  private static boolean saysUnreachable(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof SQLRecoverableException
        // Connections, a server that shuts down or starts, one that has run out of something.
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53");
  }
}
