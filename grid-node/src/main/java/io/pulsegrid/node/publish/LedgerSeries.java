package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Occurrence;
import io.pulsegrid.core.publish.Publishing.Placed;
import io.pulsegrid.core.publish.RecurringPosts;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Series;
import io.pulsegrid.core.time.Recurrences;
import io.pulsegrid.core.time.Recurrences.Recurrence;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.publish.Scheduling.Wish;
import io.pulsegrid.node.store.ledger.Charge;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.SeriesStore.Progress;
import io.pulsegrid.node.store.ledger.SeriesStore.Upcoming;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series over the ledger: each is written ahead as posts, on whichever node comes first, within one
 * transaction that says how far. A crash leaves it as it was.
 */
final class LedgerSeries implements RecurringPosts {
  private static final Logger log = LoggerFactory.getLogger(LedgerSeries.class);

  /** How far ahead posts are written, and from when on that is not far enough any more. */
  static final Duration AHEAD = Duration.ofDays(14);

  static final Duration LEAST_AHEAD = Duration.ofDays(7);

  private static final Duration FARTHEST = Duration.ofDays(3_653);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int SERIES_A_TURN = 50;
  private static final int POSTS_AT_ONCE = 500;
  private static final int SHOWN = 10;

  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final Scheduling scheduling;
  private final PostEdits edits;
  private final Recurrences rules;

  LedgerSeries(
      Ledger ledger,
      DraftCheck check,
      Decisions decisions,
      Scheduling scheduling,
      PostEdits edits,
      Recurrences rules) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.scheduling = scheduling;
    this.edits = edits;
    this.rules = rules;
  }

  @Override
  public Series.Outlook begin(WorkspaceId workspace, Series.Plan plan) {
    Instant now = now();
    return ledger
        .schedules()
        .inTransaction(
            () -> {
              LocalDateTime from = checked(workspace, plan, now);
              Series series = new Series(decisions.newId(), workspace, plan, false, null, 1, now);
              Progress progress = new Progress(series, from);
              ledger.series().add(progress);
              write(progress, now);
              return outlook(series, now);
            });
  }

  @Override
  public Optional<Series.Outlook> find(WorkspaceId workspace, String id) {
    return ledger.series().find(workspace, id).map(found -> outlook(found.series(), now()));
  }

  @Override
  public Page<Series> list(WorkspaceId workspace, PageRequest page) {
    return ledger.series().list(workspace, page);
  }

  @Override
  public Series.Outlook replace(
      WorkspaceId workspace, String id, Series.Plan plan, OptionalLong expectedVersion) {
    Instant now = now();
    return ledger
        .schedules()
        .inTransaction(
            () -> {
              locked(workspace, id, expectedVersion);
              LocalDateTime from = checked(workspace, plan, now);
              for (Upcoming post : ledger.series().open(id)) {
                if (post.occurrence().isAfter(from) && post.version() == 1) {
                  takeBack(workspace, post.post());
                }
              }
              ledger.series().change(id, plan, from);
              Progress changed = ledger.series().lock(workspace, id).orElseThrow();
              write(changed, now);
              return outlook(changed.series(), now);
            });
  }

  @Override
  public void end(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    ledger
        .schedules()
        .inTransaction(
            () -> {
              locked(workspace, id, expectedVersion);
              ledger.series().end(id);
              for (Upcoming post : ledger.series().open(id)) {
                // What was armed since goes out; the series ends all the same.
                edits.lock(workspace, post.post());
                boolean _ = edits.cancelWhatIsLeft(post.post());
              }
              return id;
            });
  }

  /** Writes what has come near, as far as nobody else does; answers when to look again. */
  Duration turn() {
    for (int i = 0; i < SERIES_A_TURN; i++) {
      boolean wrote =
          ledger
              .schedules()
              .inTransaction(
                  () -> {
                    Instant now = now();
                    Optional<Progress> next =
                        ledger
                            .series()
                            .lockNext(
                                LocalDateTime.ofInstant(now.plus(LEAST_AHEAD), ZoneOffset.UTC));
                    next.ifPresent(progress -> write(progress, now));
                    return next.isPresent();
                  });
      if (!wrote) {
        return EVERY;
      }
    }
    return Duration.ZERO;
  }

  /**
   * Writes the posts of a locked series; those that were written, or taken out, stay as they are.
   */
  private void write(Progress progress, Instant now) {
    Series series = progress.series();
    Recurrence recurrence = recurrence(series.plan());
    LocalDateTime until = LocalDateTime.ofInstant(now.plus(AHEAD), recurrence.zone());
    if (!until.isAfter(progress.writtenUntil())) {
      return;
    }
    List<LocalDateTime> times =
        rules.between(recurrence, progress.writtenUntil(), until, POSTS_AT_ONCE);
    if (times.size() == POSTS_AT_ONCE) {
      until = times.getLast();
    }
    Set<LocalDateTime> written =
        ledger.series().occurrencesAfter(series.id(), progress.writtenUntil());
    Map<String, Channel.Spec> channels =
        ledger.schedules().holdChannels(series.workspace(), series.plan().draft().channels());
    List<Wish> wishes = new ArrayList<>();
    for (LocalDateTime time : times) {
      List<String> speaking = speaking(series.plan(), recurrence, time, channels);
      if (!written.contains(time) && !speaking.isEmpty()) {
        ScheduledPost.Draft draft = series.plan().draft().at(on(series.plan(), time));
        boolean all = speaking.size() == draft.channels().size();
        wishes.add(
            new Wish(
                all ? draft : draft.on(speaking, platforms(speaking, channels)),
                new Occurrence(series.id(), time)));
      }
    }
    List<Placed> placed = scheduling.all(series.workspace(), wishes, now);
    @Nullable String error = null;
    for (int i = 0; i < placed.size(); i++) {
      if (placed.get(i) instanceof Placed.Refused(List<FieldError> errors)) {
        FieldError first = errors.getFirst();
        error = times(wishes.get(i)) + ": " + first.field() + " " + first.message();
        log.warn("Series {} has no post for {}", series.id(), error);
      }
    }
    ledger.series().written(series.id(), until, error);
  }

  /**
   * The channels of a plan that speak at a time. Clocks that go forward move a time that they leave
   * out to a later one, and where that is a time of the plan's own, the post is due then: at one
   * instant a channel speaks once.
   */
  private List<String> speaking(
      Series.Plan plan,
      Recurrence recurrence,
      LocalDateTime time,
      Map<String, Channel.Spec> channels) {
    return plan.draft().channels().stream()
        .filter(
            id -> {
              Channel.Spec channel = channels.get(id);
              // One that is gone is told of where the post is made.
              return channel == null
                  || !isMovedToAnother(recurrence, time, zone(plan, channel.zone()));
            })
        .toList();
  }

  private static Set<String> platforms(List<String> ids, Map<String, Channel.Spec> channels) {
    return ids.stream()
        .map(channels::get)
        .filter(Objects::nonNull)
        .map(Channel.Spec::platform)
        .collect(Collectors.toSet());
  }

  private static ZoneId zone(Series.Plan plan, ZoneId ofChannel) {
    return plan.draft().when() instanceof When.Local when ? when.zone() : ofChannel;
  }

  private boolean isMovedToAnother(Recurrence recurrence, LocalDateTime time, ZoneId zone) {
    LocalDateTime moved = time.atZone(zone).toLocalDateTime();
    return !moved.equals(time)
        && !rules.between(recurrence, moved.minusNanos(1), moved, 1).isEmpty();
  }

  /** What is wrong with a plan is told as of any post; answers from when on it holds. */
  private LocalDateTime checked(WorkspaceId workspace, Series.Plan plan, Instant now) {
    ScheduledPost.Draft draft = plan.draft();
    check.shape(draft);
    Map<String, Channel.Spec> channels =
        ledger.schedules().holdChannels(workspace, draft.channels());
    check.channels(draft, channels);
    Recurrence recurrence = recurrence(plan);
    rules
        .fault(recurrence)
        .ifPresent(
            fault -> {
              throw PulsegridException.invalid("when.repeat", fault);
            });
    if (!(draft.when() instanceof When.Local) && rules.endsAtAnInstant(plan.rule())) {
      throw PulsegridException.invalid(
          "when.repeat",
          "must end on a day or at a time without Z, as each channel's own clock counts; or give"
              + " when.zone");
    }
    // What is over on one of the channels' clocks is over for the series.
    Stream<ZoneId> zones =
        draft.when() instanceof When.Local
            ? Stream.of(recurrence.zone())
            : channels.values().stream().map(Channel.Spec::zone);
    LocalDateTime from =
        zones
            .map(zone -> LocalDateTime.ofInstant(now, zone))
            .max(Comparator.naturalOrder())
            .orElseThrow()
            .truncatedTo(ChronoUnit.MICROS);
    if (rules.between(recurrence, from, from.plus(FARTHEST), 1).isEmpty()) {
      throw PulsegridException.invalid("when.repeat", "does not come within ten years");
    }
    return from;
  }

  private Progress locked(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Progress found =
        ledger
            .series()
            .lock(workspace, id)
            .orElseThrow(() -> PulsegridException.notFound("series", id));
    long version = found.series().version();
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != version) {
      throw PulsegridException.of(
          FailureCode.STALE, "the series is at version " + version + "; read it again");
    }
    if (found.series().ended()) {
      throw PulsegridException.of(FailureCode.CONFLICT, "the series has ended");
    }
    return found;
  }

  /** Cancels a post that nobody touched, and leaves its place to the changed series. */
  private void takeBack(WorkspaceId workspace, String post) {
    // The post first, then its deliveries: as every change to a post locks them.
    edits.lock(workspace, post);
    boolean untouched =
        ledger.schedules().deliveriesForChange(post).stream().allMatch(LedgerSeries::untouched);
    if (untouched) {
      boolean _ = edits.cancelWhatIsLeft(post);
      ledger.series().release(post);
    }
  }

  private static boolean untouched(Charge charge) {
    return charge.delivery().state().editable() && charge.standing().doubt() == null;
  }

  private Series.Outlook outlook(Series series, Instant now) {
    if (series.ended()) {
      return new Series.Outlook(series, List.of());
    }
    Recurrence recurrence = recurrence(series.plan());
    LocalDateTime from = LocalDateTime.ofInstant(now, recurrence.zone());
    return new Series.Outlook(
        series, new ArrayList<>(rules.between(recurrence, from, from.plus(FARTHEST), SHOWN)));
  }

  private static Recurrence recurrence(Series.Plan plan) {
    return switch (plan.draft().when()) {
      case When.Local when -> new Recurrence(plan.rule(), when.local(), when.zone());
      case When.ChannelLocal when -> new Recurrence(plan.rule(), when.local(), ZoneOffset.UTC);
      case When.Now _, When.At _, When.NextSlot _ ->
          throw PulsegridException.invalid("when.local", "is required for what comes again");
    };
  }

  private static When on(Series.Plan plan, LocalDateTime time) {
    return plan.draft().when() instanceof When.Local begins
        ? new When.Local(time, begins.zone())
        : new When.ChannelLocal(time);
  }

  private static String times(Wish wish) {
    @Nullable Occurrence occurrence = wish.occurrence();
    return occurrence == null ? "" : occurrence.local().toString();
  }

  private Instant now() {
    return decisions.now().truncatedTo(ChronoUnit.MICROS);
  }
}
