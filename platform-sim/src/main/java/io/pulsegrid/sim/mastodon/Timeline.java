package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.world.Piece;
import io.pulsegrid.sim.world.Place;
import io.pulsegrid.sim.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Pages of statuses, newest first, from what clients posted and what the world says. */
final class Timeline {
  private static final Comparator<Status> NEWEST = Comparator.comparingLong(Status::id).reversed();

  private final Statuses statuses;
  private final World world;

  Timeline(Statuses statuses, World world) {
    this.statuses = statuses;
    this.world = world;
  }

  /** A page of all that fits {@code wanted}. */
  List<Status> everything(Paging paging, Instant now, Predicate<Status> wanted) {
    List<Status> found = new ArrayList<>(page(statuses.all(), paging, wanted));
    found.addAll(
        pieces(paging, now)
            .map(Status::of)
            .filter(paging::covers)
            .filter(wanted)
            .limit(paging.limit())
            .toList());
    boolean oldest = paging.minId().isPresent();
    return found.stream()
        .sorted(oldest ? NEWEST.reversed() : NEWEST)
        .limit(paging.limit())
        .sorted(NEWEST)
        .toList();
  }

  /** A page of some statuses that clients posted. */
  static List<Status> page(
      NavigableMap<Long, Status> statuses, Paging paging, Predicate<Status> wanted) {
    NavigableMap<Long, Status> part =
        statuses.subMap(
            Math.max(paging.sinceId().orElse(0L), paging.minId().orElse(0L)),
            false,
            paging.maxId().orElse(Long.MAX_VALUE),
            false);
    boolean oldest = paging.minId().isPresent();
    return (oldest ? part : part.descendingMap())
        .values().stream().filter(wanted).limit(paging.limit()).sorted(NEWEST).toList();
  }

  /** One status, whoever it is by. */
  Optional<Status> find(long id, Instant now) {
    Status posted = statuses.all().get(id);
    if (posted != null) {
      return Optional.of(posted);
    }
    Instant at = moment(id);
    return at.isAfter(now) || isForgotten(at, now)
        ? Optional.empty()
        : world
            .between(Place.MASTODON, at, at)
            .filter(piece -> piece.number() == id)
            .map(Status::of)
            .findFirst();
  }

  private Stream<Piece> pieces(Paging paging, Instant now) {
    Instant newest = paging.maxId().map(Timeline::moment).filter(now::isAfter).orElse(now);
    if (isForgotten(newest, now)) {
      return Stream.empty();
    }
    if (paging.minId().isPresent()) {
      return world.between(Place.MASTODON, moment(paging.minId().get()), newest);
    }
    Instant oldest = paging.sinceId().map(Timeline::moment).orElse(Instant.MIN);
    return world.before(Place.MASTODON, newest).takeWhile(piece -> !piece.at().isBefore(oldest));
  }

  private static boolean isForgotten(Instant at, Instant now) {
    return at.isBefore(now.minus(World.MEMORY));
  }

  private static Instant moment(long id) {
    return Instant.ofEpochMilli(id >> 16);
  }
}
