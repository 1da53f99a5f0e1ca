package io.pulsegrid.node.follow;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.EngagementReader.Answer;
import io.pulsegrid.node.follow.FollowLedger.Asker;
import io.pulsegrid.node.follow.FollowLedger.Batch;
import io.pulsegrid.node.follow.FollowLedger.Claimed;
import io.pulsegrid.node.follow.FollowLedger.Settled;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again what became of posts while they are young. Each turn claims what is due, a batch for
 * each asker, a few at once; the rest is left to other nodes and later turns. Run it every few
 * seconds.
 */
public final class EngagementFollower implements Runnable {
  private static final int AT_ONCE = 4;

  /** Longer than the calls of a batch and the handing over can take. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(15);
  private static final Duration NOT_JUST_NOW = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(EngagementFollower.class);

  private final Parts parts;
  private final Map<String, EngagementReader> readers = new TreeMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);

  /** Until when askers are left alone: those under way, and those whose limit is spent. */
  private final Map<Asker, Instant> spared = new ConcurrentHashMap<>();

  /**
   * What a follower works with.
   *
   * @param follow how long posts of a platform are followed; asked each time
   * @param threads a virtual thread a batch
   */
  public record Parts(
      FollowLedger ledger,
      Askers askers,
      PostNews news,
      Function<String, Duration> follow,
      ExecutorService threads,
      InstantSource clock,
      FollowMeters meters) {}

  public EngagementFollower(Parts parts, List<EngagementReader> readers) {
    this.parts = parts;
    readers.forEach(reader -> this.readers.put(reader.platform(), reader));
  }

  @Override
  public void run() {
    try {
      Map<String, Duration> follow = new HashMap<>();
      readers.keySet().forEach(name -> follow.put(name, parts.follow().apply(name)));
      int begun = parts.ledger().beginPublished(follow);
      if (begun > 0) {
        log.debug("Following {} posts that were published", begun);
      }
      while (slots.tryAcquire()) {
        if (!begin()) {
          break;
        }
      }
      parts.meters().lag(parts.ledger().lag());
    } catch (RuntimeException e) {
      // Thrown on, it would end the following for good.
      log.warn("Engagement was not read; the next turn follows: {}", e.getMessage());
    }
  }

  /** Claims a batch and begins to read it; holds a slot until it is done. Whether there was one. */
  private boolean begin() {
    boolean begun = false;
    try {
      Instant now = parts.clock().instant();
      spared.values().removeIf(until -> !until.isAfter(now));
      Map<String, Integer> most = new HashMap<>();
      readers.forEach((name, reader) -> most.put(name, reader.mostAtOnce()));
      Optional<Batch> claimed = parts.ledger().claim(most, Set.copyOf(spared.keySet()), LEASE);
      if (claimed.isEmpty()) {
        return false;
      }
      Batch batch = claimed.get();
      spared.put(batch.asker(), now.plus(LEASE));
      Future<?> _ = parts.threads().submit(() -> finish(batch));
      begun = true;
      return true;
    } catch (RejectedExecutionException stopping) {
      // The node stops: the claim lapses, and another node reads.
      return false;
    } finally {
      if (!begun) {
        slots.release();
      }
    }
  }

  private void finish(Batch batch) {
    Instant free = parts.clock().instant();
    try {
      free = read(batch);
    } catch (RuntimeException e) {
      // The claim lapses by itself, and the batch is read again.
      log.warn(
          "Engagement on {} was not read, and is again later: {}", batch.platform(), e.toString());
      free = parts.clock().instant().plus(NOT_JUST_NOW);
    } finally {
      spared.put(batch.asker(), free);
      slots.release();
    }
  }

  /** Until when the asker is to be left alone. */
  private Instant read(Batch batch) {
    @Nullable EngagementReader reader = readers.get(batch.platform());
    Optional<EngagementReader.Account> account = parts.askers().account(batch.asker());
    Instant now = parts.clock().instant();
    if (reader == null || account.isEmpty()) {
      // With its source or channel gone, nobody can ask about the post any more.
      settle(batch.posts().stream().map(it -> new Settled(it, null, null)).toList());
      return now;
    }
    List<EngagementReader.Subject> subjects =
        batch.posts().stream()
            .map(it -> new EngagementReader.Subject(it.post().nativeId(), it.post().url()))
            .toList();
    return switch (reader.read(account.get(), subjects)) {
      case Answer.Counted counted -> {
        counted(batch, counted);
        yield now;
      }
      case Answer.Held held -> {
        log.debug(
            "Engagement on {} waits until {}: {}", batch.platform(), held.until(), held.detail());
        later(batch, held.until(), "held");
        yield held.until();
      }
      case Answer.Failed failed -> {
        log.info("Engagement on {} was not read: {}", batch.platform(), failed.detail());
        failed(batch, now);
        yield now;
      }
    };
  }

  private void counted(Batch batch, Answer.Counted counted) {
    Instant now = parts.clock().instant();
    Duration follow = parts.follow().apply(batch.platform());
    List<Settled> settled = new ArrayList<>();
    int gone = 0;
    int unanswered = 0;
    for (Claimed claimed : batch.posts()) {
      String id = claimed.post().nativeId();
      @Nullable Engagement reading = counted.counts().get(id);
      if (counted.gone().contains(id)) {
        gone++;
        settled.add(new Settled(claimed, null, null));
      } else {
        unanswered += reading == null ? 1 : 0;
        settled.add(
            new Settled(
                claimed,
                reading,
                FollowPlan.next(claimed.post().publishedAt(), now, follow).orElse(null)));
      }
    }
    if (!tell(batch, settled)) {
      later(batch, now.plus(NOT_JUST_NOW), "held");
      return;
    }
    // The posts have their counts, the history does not. A crash here means that they are asked
    // about once more when the claim lapses.
    settle(settled);
    parts.meters().readings(batch.platform(), "gone", gone);
    parts.meters().readings(batch.platform(), "unanswered", unanswered);
    parts.meters().readings(batch.platform(), "counted", settled.size() - gone - unanswered);
  }

  /** Whoever may never read about a post asks as seldom as the others, and not for good. */
  private void failed(Batch batch, Instant now) {
    Duration follow = parts.follow().apply(batch.platform());
    Instant soonest = now.plus(AFTER_A_FAILURE);
    settle(
        batch.posts().stream()
            .map(
                it ->
                    new Settled(
                        it,
                        null,
                        FollowPlan.next(it.post().publishedAt(), now, follow)
                            .map(next -> next.isBefore(soonest) ? soonest : next)
                            .orElse(null)))
            .toList());
    parts.meters().readings(batch.platform(), "failed", batch.posts().size());
  }

  private boolean tell(Batch batch, List<Settled> settled) {
    if (batch.asker() instanceof Asker.OfChannel) {
      return true;
    }
    Map<WorkspaceId, Map<String, Engagement>> counts = new HashMap<>();
    for (Settled one : settled) {
      if (one.reading() != null) {
        counts
            .computeIfAbsent(one.claimed().post().workspace(), _ -> new HashMap<>())
            .put(one.claimed().post().subject(), one.reading());
      }
    }
    Set<Boolean> taken = new HashSet<>();
    counts.forEach((workspace, of) -> taken.add(parts.news().tell(workspace, of)));
    return !taken.contains(false);
  }

  private void later(Batch batch, Instant next, String outcome) {
    settle(batch.posts().stream().map(it -> new Settled(it, null, next)).toList());
    parts.meters().readings(batch.platform(), outcome, batch.posts().size());
  }

  private void settle(List<Settled> settled) {
    int stood = parts.ledger().settle(settled);
    if (stood < settled.size()) {
      log.info("{} readings came too late: another node has them", settled.size() - stood);
    }
  }

  /** How many batches are under way. */
  int underway() {
    return AT_ONCE - slots.availablePermits();
  }
}
