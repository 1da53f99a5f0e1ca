package io.pulsegrid.node.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits next on the channels of this node: a piece of the grid's copy, read once and kept up
 * to date by what is noted since, so that a busy channel is not looked up for each delivery. A
 * hint, as the copy is: what it holds in vain is refused by the arm, what it lacks is found by the
 * sweep.
 */
final class Lineup {
  /** How much of a channel is read at once; one with no more is known whole. */
  static final int PIECE = 256;

  private static final int LOW = 64;

  /** Of a channel that is not known whole something more urgent may have come due since. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private static final Comparator<Waiting> EARLIEST =
      Comparator.comparing(Waiting::dueAt).thenComparing(Waiting::id);

  /** Far longer than what left takes to leave the copy, and its traces to be told of. */
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  private final WorkingCopy copy;
  private final LongSupplier monotonicNanos;

  @GuardedBy("this")
  private final Map<String, Piece> pieces = new HashMap<>();

  /** Those that left lately by id, the oldest first: the copy may show them yet. */
  @GuardedBy("this")
  private final Map<String, Left> left = new LinkedHashMap<>();

  private record Left(long fence, long atNanos) {}

  /** The part of a channel that was read. */
  private static final class Piece {
    final Map<String, Waiting> waiting = new LinkedHashMap<>();
    boolean whole;
    long readAtNanos;

    /** Of one that is not whole: what is due later is read when its turn comes. */
    Instant until = Instant.MAX;
  }

  Lineup(WorkingCopy copy, LongSupplier monotonicNanos) {
    this.copy = copy;
    this.monotonicNanos = monotonicNanos;
  }

  /** What is known to wait on a channel of this node; the most urgent of it is there. */
  List<Waiting> of(String channel, Instant now) {
    long asked = monotonicNanos.getAsLong();
    synchronized (this) {
      Piece known = pieces.get(channel);
      if (known != null && suffices(known, asked)) {
        return List.copyOf(known.waiting.values());
      }
      // Begun before the copy is read: what is noted while it is joins it.
      pieces.put(channel, new Piece());
    }
    List<Waiting> read = copy.first(channel, PIECE, now);
    synchronized (this) {
      Piece piece = pieces.computeIfAbsent(channel, _ -> new Piece());
      Map<String, Waiting> noted = new LinkedHashMap<>(piece.waiting);
      piece.waiting.clear();
      for (Waiting one : read) {
        if (!hasLeft(one)) {
          keep(piece, one);
        }
      }
      noted.values().forEach(one -> keep(piece, one));
      piece.whole = read.size() < PIECE;
      piece.until = piece.whole ? Instant.MAX : latest(read);
      piece.readAtNanos = asked;
      return List.copyOf(piece.waiting.values());
    }
  }

  /** Whether all that waits on a channel is known. */
  synchronized boolean isWhole(String channel) {
    Piece piece = pieces.get(channel);
    return piece != null && piece.whole;
  }

  /** Something was put on a channel; what was not read yet will be read with it. */
  synchronized void noted(Waiting delivery) {
    Piece piece = pieces.get(delivery.channel());
    if (piece != null && !delivery.dueAt().isAfter(piece.until) && !hasLeft(delivery)) {
      keep(piece, delivery);
      if (piece.waiting.size() > 2 * PIECE) {
        cut(piece);
      }
    }
  }

  /** It was being armed and waits after all, as it stood. */
  synchronized void back(Waiting delivery) {
    left.remove(delivery.id());
    noted(delivery);
  }

  /** They are being armed, or wait no longer. */
  synchronized void gone(Collection<Waiting> deliveries) {
    long now = monotonicNanos.getAsLong();
    left.values().removeIf(one -> now - one.atNanos() > REMEMBERED.toNanos());
    for (Waiting one : deliveries) {
      left.merge(
          one.id(), new Left(one.fence(), now), (was, is) -> was.fence() > is.fence() ? was : is);
      Piece piece = pieces.get(one.channel());
      if (piece != null) {
        piece.waiting.computeIfPresent(
            one.id(), (_, known) -> known.fence() <= one.fence() ? null : known);
      }
    }
  }

  /** The channel is another node's, or has nothing any more. */
  synchronized void forget(String channel) {
    pieces.remove(channel);
  }

  @GuardedBy("this")
  private boolean hasLeft(Waiting seen) {
    Left known = left.get(seen.id());
    return known != null && known.fence() >= seen.fence();
  }

  private boolean suffices(Piece piece, long now) {
    return piece.whole
        || (piece.waiting.size() >= LOW && now - piece.readAtNanos < FRESH.toNanos());
  }

  private static void keep(Piece piece, Waiting delivery) {
    @Nullable Waiting known = piece.waiting.get(delivery.id());
    if (known == null || known.fence() < delivery.fence()) {
      piece.waiting.put(delivery.id(), delivery);
    }
  }

  /** Lets go of those due last, which are read again when their turn comes. */
  private static void cut(Piece piece) {
    List<Waiting> earliest = new ArrayList<>(piece.waiting.values());
    earliest.sort(EARLIEST);
    piece.waiting.clear();
    earliest.subList(0, PIECE).forEach(one -> piece.waiting.put(one.id(), one));
    piece.whole = false;
    piece.until = earliest.get(PIECE - 1).dueAt();
  }

  private static Instant latest(List<Waiting> read) {
    return read.stream().map(Waiting::dueAt).max(Comparator.naturalOrder()).orElse(Instant.MAX);
  }
}
