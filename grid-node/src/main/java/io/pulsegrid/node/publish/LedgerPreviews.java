package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Forecast;
import io.pulsegrid.core.publish.Likeness;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.Preview.OnChannel;
import io.pulsegrid.core.publish.Preview.Similar;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.node.limits.Permits;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.SayingStore.Saying;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Looks ahead over the ledger and the grid's limits. What it opens for the look is closed without a
 * write.
 */
final class LedgerPreviews implements Preview.Previews {
  /** How long ago the same may have been said, and how far ahead, to be told. */
  private static final Duration REPEATED_WITHIN = Duration.ofDays(7);

  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final Duration FARTHEST = Duration.ofDays(3_653);
  private static final int SAYINGS_A_CHANNEL = 500;
  private static final int WAITING_A_CHANNEL = 2_000;

  /** Of all other channels of the same apps. */
  private static final int WAITING_BESIDE = 20_000;

  private static final int SIMILAR_SHOWN = 5;

  private final Ledger ledger;
  private final DraftCheck check;
  private final Decisions decisions;
  private final Limits limits;

  LedgerPreviews(Ledger ledger, DraftCheck check, Decisions decisions, Limits limits) {
    this.ledger = ledger;
    this.check = check;
    this.decisions = decisions;
    this.limits = limits;
  }

  /** One draft on one channel, before its limits are looked at. */
  private record Planned(int draft, String channel, Resolved resolved) {}

  /** A draft as far as it can be told without its limits. */
  private record Looked(List<FieldError> errors, List<Resolved> resolved) {}

  /** What a channel says, as sets of words. */
  private record Said(Saying saying, Likeness words) {}

  @Override
  public Preview of(WorkspaceId workspace, List<ScheduledPost.Draft> drafts) {
    Instant now = decisions.now();
    Set<String> ids = new LinkedHashSet<>();
    drafts.forEach(draft -> ids.addAll(draft.channels()));
    Map<String, Channel.Spec> channels = new HashMap<>();
    List<Looked> looked =
        ledger
            .schedules()
            .inTransaction(
                () -> {
                  channels.putAll(ledger.schedules().holdChannels(workspace, List.copyOf(ids)));
                  return looked(drafts, channels, now);
                });
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      List<Resolved> resolved = looked.get(i).resolved();
      for (int j = 0; j < (resolved.isEmpty() ? 0 : drafts.get(i).channels().size()); j++) {
        planned.add(
            new Planned(
                i,
                drafts.get(i).channels().get(j),
                resolved.size() == 1 ? resolved.getFirst() : resolved.get(j)));
      }
    }
    Map<Planned, Forecast.Exit> exits = exits(workspace, planned, channels, now);
    Map<String, List<Said>> said = said(workspace, planned, now);
    List<Preview.Item> items = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      int place = i;
      ScheduledPost.Draft draft = drafts.get(i);
      items.add(
          new Preview.Item(
              looked.get(i).errors(),
              planned.stream()
                  .filter(one -> one.draft() == place)
                  .map(one -> shown(one, draft, channels, exits, said))
                  .toList()));
    }
    return new Preview(
        items,
        exits.values().stream().map(Forecast.Exit::at).max(Comparator.naturalOrder()).orElse(null));
  }

  @Override
  public Map<String, List<Similar>> repeated(List<ScheduledPost> posts) {
    Map<String, List<Similar>> repeated = new HashMap<>();
    ledger
        .sayings()
        .sameAs(posts.stream().map(ScheduledPost::id).toList(), REPEATED_WITHIN)
        .forEach(
            (post, sayings) ->
                repeated.put(
                    post,
                    sayings.stream()
                        .map(
                            one ->
                                new Similar(
                                    one.delivery(), one.channel(), one.state(), one.at(), 1))
                        .sorted(Comparator.comparing(Similar::at).reversed())
                        .toList()));
    return repeated;
  }

  private List<Looked> looked(
      List<ScheduledPost.Draft> drafts, Map<String, Channel.Spec> channels, Instant now) {
    Timetable timetable = Timetable.open(ledger.slots(), drafts, channels, now);
    List<Looked> looked = new ArrayList<>();
    for (ScheduledPost.Draft draft : drafts) {
      timetable.begin();
      try {
        check.shape(draft);
        check.channels(draft, channels);
        List<Resolved> resolved = timetable.resolve(draft);
        check.time(draft, resolved, now);
        looked.add(new Looked(List.of(), resolved));
      } catch (PulsegridException e) {
        if (e.code() != FailureCode.INVALID) {
          throw e;
        }
        timetable.takeBack();
        looked.add(new Looked(e.errors(), List.of()));
      }
    }
    return looked;
  }

  /** What goes out, due then, through these limits. */
  private record Entry(Instant due, List<RateLimit> limits, List<Planned> planned) {}

  /** What waits already goes first where it is due first. */
  private Map<Planned, Forecast.Exit> exits(
      WorkspaceId workspace,
      List<Planned> planned,
      Map<String, Channel.Spec> channels,
      Instant now) {
    Map<String, List<RateLimit>> limitsOf = new HashMap<>();
    planned.forEach(
        one ->
            limitsOf.computeIfAbsent(
                one.channel(),
                channel ->
                    limits.of(workspace, channel).stream()
                        .filter(limit -> limit.action().equals("publish"))
                        .toList()));
    List<Entry> entries = new ArrayList<>();
    for (Waiting one :
        ledger.sweeps().waitingOn(limitsOf.keySet(), now.plus(FARTHEST), WAITING_A_CHANNEL)) {
      entries.add(new Entry(one.dueAt(), known(limitsOf, one.channel()), List.of()));
    }
    planned.forEach(
        one ->
            entries.add(
                new Entry(one.resolved().instant(), known(limitsOf, one.channel()), List.of(one))));
    planned.stream()
        .map(one -> one.resolved().instant())
        .max(Comparator.naturalOrder())
        .ifPresent(last -> entries.addAll(beside(limitsOf, channels, last)));
    entries.sort(Comparator.comparing(Entry::due));
    Forecast forecast = new Forecast(now);
    Map<Planned, Forecast.Exit> exits = new HashMap<>();
    for (Entry entry : entries) {
      Forecast.Exit exit = forecast.next(entry.due(), entry.limits());
      entry.planned().forEach(one -> exits.put(one, exit));
    }
    return exits;
  }

  private static List<RateLimit> known(Map<String, List<RateLimit>> limitsOf, String channel) {
    return limitsOf.getOrDefault(channel, List.of());
  }

  /** What waits on channels of no part in the plan, and takes of the windows of the same apps. */
  private List<Entry> beside(
      Map<String, List<RateLimit>> limitsOf, Map<String, Channel.Spec> channels, Instant last) {
    Map<String, List<RateLimit>> ofApps = new HashMap<>();
    limitsOf.forEach(
        (channel, known) -> {
          String platform = Objects.requireNonNull(channels.get(channel)).platform();
          List<RateLimit> shared =
              known.stream()
                  .filter(limit -> limit.limit() != null)
                  .filter(limit -> limit.scope().equals(Permits.appScopeOf(platform)))
                  .toList();
          if (!shared.isEmpty()) {
            ofApps.put(platform, shared);
          }
        });
    if (ofApps.isEmpty()) {
      return List.of();
    }
    return ledger
        .sweeps()
        .waitingBeside(ofApps.keySet(), limitsOf.keySet(), last, WAITING_BESIDE)
        .stream()
        .map(one -> new Entry(one.dueAt(), known(ofApps, one.platform()), List.<Planned>of()))
        .toList();
  }

  private Map<String, List<Said>> said(WorkspaceId workspace, List<Planned> planned, Instant now) {
    Map<String, List<Said>> said = new HashMap<>();
    for (Planned one : planned) {
      said.computeIfAbsent(
          one.channel(),
          channel ->
              ledger
                  .sayings()
                  .on(workspace, channel, now.minus(REMEMBERED), SAYINGS_A_CHANNEL)
                  .stream()
                  .map(saying -> new Said(saying, Likeness.of(saying.text())))
                  .toList());
    }
    return said;
  }

  private OnChannel shown(
      Planned one,
      ScheduledPost.Draft draft,
      Map<String, Channel.Spec> channels,
      Map<Planned, Forecast.Exit> exits,
      Map<String, List<Said>> said) {
    Channel.Spec channel = Objects.requireNonNull(channels.get(one.channel()));
    String text = draft.textFor(channel.platform());
    Forecast.Exit exit = Objects.requireNonNull(exits.get(one));
    return new OnChannel(
        one.channel(),
        channel.platform(),
        one.resolved(),
        check.measure(channel, text),
        exit.at(),
        exit.heldBy(),
        similar(text, said.getOrDefault(one.channel(), List.of())));
  }

  private static List<Similar> similar(String text, List<Said> said) {
    Likeness words = Likeness.of(text);
    return said.stream()
        .map(
            one ->
                new Similar(
                    one.saying().delivery(),
                    one.saying().channel(),
                    one.saying().state(),
                    one.saying().at(),
                    one.words().to(words)))
        .filter(one -> one.likeness() >= Likeness.NEARLY_THE_SAME)
        .sorted(Comparator.comparingDouble(Similar::likeness).reversed())
        .limit(SIMILAR_SHOWN)
        .toList();
  }
}
