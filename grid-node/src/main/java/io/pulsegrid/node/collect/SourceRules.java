package io.pulsegrid.node.collect;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.source.Collector;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import io.pulsegrid.node.config.SourceSettings;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** What a source must be to be taken. */
public final class SourceRules {
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int LONGEST_URL = 2048;
  private static final SourceSettings.Kind UNSAID =
      new SourceSettings.Kind(
          Duration.ofMinutes(5),
          Duration.ofSeconds(15),
          2,
          5,
          1 << 20,
          Map.of(),
          SourceSettings.Kind.FOLLOW);

  private final Map<String, Collector> collectors = new TreeMap<>();
  private final Supplier<SourceSettings> settings;

  /**
   * @param settings asked each time, so that they may change while running
   */
  public SourceRules(List<Collector> collectors, Supplier<SourceSettings> settings) {
    this.settings = settings;
    collectors.forEach(collector -> this.collectors.put(collector.kind(), collector));
  }

  /** What sources of a kind usually are, as {@code sources.yml} says it just now. */
  public Sources.Usual usual(String kind) {
    SourceSettings.Kind found = settings(kind);
    return new Sources.Usual(new Schedule.Every(found.every()), found.priority());
  }

  /** The settings of a kind; modest ones where nothing is said about it. */
  SourceSettings.Kind settings(String kind) {
    return settings.get().kind(kind).orElse(UNSAID);
  }

  /**
   * The collector of a kind.
   *
   * @throws PulsegridException {@code INVALID} for one that nobody collects
   */
  public Collector collector(String kind) {
    Collector collector = collectors.get(kind);
    if (collector == null) {
      throw PulsegridException.invalid(
          "kind", "must be one of " + String.join(", ", collectors.keySet()) + ", was " + kind);
    }
    return collector;
  }

  /**
   * Refuses a spec that could never be collected, as far as that can be told without asking anyone.
   *
   * @throws PulsegridException {@code INVALID}, naming each field at fault
   */
  public void check(Source.Spec spec) {
    collector(spec.kind());
    refuse(faults(spec));
  }

  /**
   * Refuses a spec that could never be collected or must not be. Resolves a name, so it may wait:
   * never within a transaction.
   *
   * @throws PulsegridException {@code INVALID}, naming each field at fault
   */
  public void checkAddress(Source.Spec spec, Source.Credentials credentials) {
    Collector collector = collector(spec.kind());
    List<FieldError> errors = faults(spec);
    if (errors.stream().noneMatch(error -> error.field().equals("url"))) {
      errors.addAll(0, collector.check(spec, credentials));
    }
    refuse(errors);
  }

  private static List<FieldError> faults(Source.Spec spec) {
    List<FieldError> errors = new ArrayList<>();
    if (spec.url().toString().length() > LONGEST_URL) {
      errors.add(new FieldError("url", "at most " + LONGEST_URL + " characters"));
    }
    switch (spec.schedule()) {
      case Schedule.Every every -> {
        if (every.interval().compareTo(LONGEST) > 0) {
          errors.add(new FieldError("every", "at most P366D, was " + every.interval()));
        }
      }
      case Schedule.Cron cron -> {
        @Nullable String wrong = wrong(cron.expression());
        if (wrong != null) {
          errors.add(new FieldError("cron", wrong));
        }
      }
    }
    return errors;
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(errors);
    }
  }

  private static @Nullable String wrong(String expression) {
    if (expression.length() > 120) {
      return "at most 120 characters";
    }
    try {
      CronExpression cron = new CronExpression(expression);
      cron.setTimeZone(TimeZone.getTimeZone("UTC"));
      // Long past, and the same for everyone: an expression without a single time has none after
      // it.
      return cron.getNextValidTimeAfter(Date.from(Instant.ofEpochSecond(1_700_000_000))) == null
          ? "never comes: " + expression
          : null;
    } catch (ParseException | RuntimeException unreadable) {
      return "is no Quartz cron expression such as 0 0/15 * * * ? : " + unreadable.getMessage();
    }
  }
}
