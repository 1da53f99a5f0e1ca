package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What clients have posted here. Calls of one account are handled one at a time. */
final class Statuses {
  static final Duration KEY_LIFETIME = Duration.ofHours(1);

  /** What became of a wish to post. */
  sealed interface Posting {
    Standing standing();

    /** It is there: new, or already since the key was first used. */
    record Done(Status status, Standing standing) implements Posting {}

    /** The account has posted too much. */
    record TooMany(Standing standing) implements Posting {}
  }

  /** An account's own shelf; also the lock for what it posts. */
  private record Shelf(
      Account account, NavigableMap<Long, Status> statuses, Map<String, Status> byKey) {}

  private final Limits limits;
  private final Limits.Action publish;
  private final Ledger ledger;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, Shelf> shelves = new ConcurrentHashMap<>();
  private final NavigableMap<Long, Status> all = new ConcurrentSkipListMap<>();

  Statuses(Limits limits, Limits.Action publish, Ledger ledger) {
    this.limits = limits;
    this.publish = publish;
    this.ledger = ledger;
  }

  /** Posts a valid draft, once for each key while the key lives. */
  Posting post(Account account, Draft draft, @Nullable String key, Instant now) {
    Shelf shelf = shelf(account);
    synchronized (shelf) {
      forgetKeys(shelf, now);
      Status earlier = key == null ? null : shelf.byKey().get(key);
      if (earlier != null) {
        return new Posting.Done(earlier, limits.look(publish, account.name(), now));
      }
      Standing standing = limits.take(publish, account.name(), now);
      if (!standing.granted()) {
        return new Posting.TooMany(standing);
      }
      Status status = Status.posted(nextId(now), now, account, draft);
      shelf.statuses().put(status.id(), status);
      all.put(status.id(), status);
      if (key != null) {
        shelf.byKey().put(key, status);
      }
      ledger.add(
          new Ledger.Entry(
              publish.platform(),
              account.name(),
              String.valueOf(status.id()),
              draft.text(),
              key,
              now));
      return new Posting.Done(status, standing);
    }
  }

  /** Opens an account, so that it can be asked for by id. */
  Account open(Account account) {
    return shelf(account).account();
  }

  Optional<Account> account(long id) {
    return Optional.ofNullable(shelves.get(id)).map(Shelf::account);
  }

  /** By id. */
  NavigableMap<Long, Status> of(Account account) {
    return shelf(account).statuses();
  }

  /** Everybody's, by id. */
  NavigableMap<Long, Status> all() {
    return all;
  }

  private Shelf shelf(Account account) {
    return shelves.computeIfAbsent(
        account.id(),
        _ -> new Shelf(account, new ConcurrentSkipListMap<>(), new LinkedHashMap<>()));
  }

  /** Keys stand in the order of their first use. */
  private static void forgetKeys(Shelf shelf, Instant now) {
    Iterator<Status> oldest = shelf.byKey().values().iterator();
    while (oldest.hasNext() && !oldest.next().at().plus(KEY_LIFETIME).isAfter(now)) {
      oldest.remove();
    }
  }

  /** Ids rise with time, as Mastodon's do; the made-up world uses the lower half of each moment. */
  private long nextId(Instant now) {
    long moment = (now.toEpochMilli() << 16) | 0x8000;
    return lastId.updateAndGet(last -> Math.max(last + 1, moment));
  }
}
