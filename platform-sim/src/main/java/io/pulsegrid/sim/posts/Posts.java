package io.pulsegrid.sim.posts;

import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Standing;
import io.pulsegrid.sim.world.Attention;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What clients have posted on one platform. Calls of one account are handled one at a time. */
public final class Posts {
  private final Limits limits;
  private final Limits.Action publish;
  private final Ledger ledger;
  private final AtomicLong lastNumber = new AtomicLong(1_000);
  private final Map<String, List<Post>> shelves = new ConcurrentHashMap<>();

  /**
   * A post as a client wants it.
   *
   * @param key what tells it from others of the client; null if it brings none
   * @param fields more of it, by the platform's own names
   */
  public record Wish(
      String account, String text, @Nullable String key, Map<String, String> fields) {
    public Wish {
      fields = Map.copyOf(fields);
    }

    public String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }

  /** A post that is there. */
  public record Post(String id, Instant at, Wish wish) {
    /** How many likes it has by {@code now}. */
    public long likes(Instant now) {
      return Attention.share(appeal(), at, now, 1);
    }

    /** How many comments it has by {@code now}. */
    public long comments(Instant now) {
      return Attention.share(appeal() / 4, at, now, 2);
    }

    /** How often it was shared by {@code now}. */
    public long shares(Instant now) {
      return Attention.share(appeal() / 6, at, now, 2);
    }

    /** How many likes it gets in the end: the same for the same id. */
    private int appeal() {
      return 24 + Math.floorMod(id.hashCode(), 76);
    }
  }

  /** What became of a wish. */
  public sealed interface Posting {
    /** It is there. */
    record Done(Post post, Standing standing) implements Posting {}

    /** One like it was there before. */
    record Already(Post post) implements Posting {}

    /** The account has posted too much. */
    record TooMany(Standing standing) implements Posting {}
  }

  public Posts(Limits limits, Limits.Action publish, Ledger ledger) {
    this.limits = limits;
    this.publish = publish;
    this.ledger = ledger;
  }

  /** A number that no other post has. */
  public long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  /**
   * Posts, unless one like it is there or the account has posted too much.
   *
   * @param like what the platform takes for the same post
   */
  public Posting post(Wish wish, String id, Instant now, Predicate<Post> like) {
    List<Post> shelf = shelf(wish.account());
    synchronized (shelf) {
      Optional<Post> earlier = shelf.stream().filter(like).findFirst();
      if (earlier.isPresent()) {
        return new Posting.Already(earlier.get());
      }
      Standing standing = limits.take(publish, wish.account(), now);
      if (!standing.granted()) {
        return new Posting.TooMany(standing);
      }
      Post post = new Post(id, now, wish);
      shelf.addFirst(post);
      ledger.add(
          new Ledger.Entry(publish.platform(), wish.account(), id, wish.text(), wish.key(), now));
      return new Posting.Done(post, standing);
    }
  }

  /** An account's of that id. */
  public Optional<Post> find(String account, String id) {
    return shelf(account).stream().filter(post -> post.id().equals(id)).findFirst();
  }

  /** An account's, newest first. */
  public List<Post> of(String account) {
    return List.copyOf(shelf(account));
  }

  private List<Post> shelf(String account) {
    return shelves.computeIfAbsent(account, _ -> new CopyOnWriteArrayList<>());
  }
}
