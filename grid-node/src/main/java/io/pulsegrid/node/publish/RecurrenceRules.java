package io.pulsegrid.node.publish;

import io.pulsegrid.core.time.Recurrences;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * Recurrence by lib-recur, which has counted iCalendar's rules since 2013 and brings no calendar of
 * its own along. It is given floating times only: zones and their shifts are no matter of the rule.
 */
final class RecurrenceRules implements Recurrences {
  private static final LocalDateTime END_OF_TIME = LocalDateTime.parse("2200-01-01T00:00");

  @Override
  public Optional<String> fault(Recurrence recurrence) {
    RecurrenceRule rule;
    try {
      rule = parse(recurrence.rule());
    } catch (InvalidRecurrenceRuleException e) {
      return Optional.of(
          "must be the value of an RRULE such as FREQ=WEEKLY;BYDAY=MO,TH: " + e.getMessage());
    }
    boolean oftenInAnHour =
        rule.getFreq() == Freq.SECONDLY
            || rule.getFreq() == Freq.MINUTELY
            || several(rule, Part.BYMINUTE)
            || several(rule, Part.BYSECOND);
    if (oftenInAnHour) {
      return Optional.of("must come once an hour at most");
    }
    if (rule.hasPart(Part.RSCALE)) {
      return Optional.of("must count by the Gregorian calendar");
    }
    LocalDateTime before = recurrence.first().minusSeconds(1);
    return between(recurrence, before, END_OF_TIME, 1).isEmpty()
        ? Optional.of("never comes")
        : Optional.empty();
  }

  @Override
  public boolean endsAtAnInstant(String rule) {
    try {
      @Nullable DateTime until = parse(rule).getUntil();
      return until != null && !until.isAllDay() && !until.isFloating();
    } catch (InvalidRecurrenceRuleException e) {
      throw new IllegalArgumentException("a rule must be checked before it is used", e);
    }
  }

  @Override
  public List<LocalDateTime> between(
      Recurrence recurrence, LocalDateTime after, LocalDateTime until, int limit) {
    try {
      RecurrenceRule rule = parse(recurrence.rule());
      LocalDateTime end = end(rule, recurrence);
      if (rule.getCount() == null) {
        // It would take the count away as well.
        rule.setUntil(null);
      }
      return read(rule, recurrence, after, end.isBefore(until) ? end : until, limit);
    } catch (InvalidRecurrenceRuleException e) {
      throw new IllegalArgumentException("a rule must be checked before it is used", e);
    }
  }

  private static List<LocalDateTime> read(
      RecurrenceRule rule,
      Recurrence recurrence,
      LocalDateTime after,
      LocalDateTime until,
      int limit) {
    List<LocalDateTime> found = new ArrayList<>();
    try {
      RecurrenceRuleIterator times = rule.iterator(floating(recurrence.first()));
      if (rule.getCount() == null && after.isAfter(recurrence.first())) {
        times.fastForward(floating(after));
      }
      while (times.hasNext() && found.size() < limit) {
        LocalDateTime time = local(times.nextDateTime());
        if (time.isAfter(until)) {
          break;
        }
        if (time.isAfter(after)) {
          found.add(time);
        }
      }
    } catch (IllegalArgumentException endless) {
      // It gave up looking for a day that never comes, such as 30 February.
      return found;
    }
    return found;
  }

  private static LocalDateTime end(RecurrenceRule rule, Recurrence recurrence) {
    @Nullable DateTime until = rule.getUntil();
    if (until == null) {
      return END_OF_TIME;
    }
    if (until.isAllDay()) {
      return local(until).toLocalDate().atTime(LocalTime.MAX);
    }
    return until.isFloating()
        ? local(until)
        : LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), recurrence.zone());
  }

  private static RecurrenceRule parse(String rule) throws InvalidRecurrenceRuleException {
    String value = rule.strip().toUpperCase(Locale.ROOT);
    return new RecurrenceRule(
        value.startsWith("RRULE:") ? value.substring("RRULE:".length()) : value,
        RecurrenceRule.RfcMode.RFC5545_STRICT);
  }

  private static boolean several(RecurrenceRule rule, Part part) {
    @Nullable List<Integer> values = rule.getByPart(part);
    return values != null && values.size() > 1;
  }

  private static DateTime floating(LocalDateTime time) {
    LocalDateTime whole = time.truncatedTo(ChronoUnit.SECONDS);
    return new DateTime(
        whole.getYear(),
        whole.getMonthValue() - 1,
        whole.getDayOfMonth(),
        whole.getHour(),
        whole.getMinute(),
        whole.getSecond());
  }

  private static LocalDateTime local(DateTime time) {
    return LocalDateTime.of(
        time.getYear(),
        time.getMonth() + 1,
        time.getDayOfMonth(),
        time.getHours(),
        time.getMinutes(),
        time.getSeconds());
  }
}
