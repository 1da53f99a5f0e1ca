package io.pulsegrid.api.call;

import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Scope;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/**
 * One operation that programs may call.
 *
 * @param name stable, such as {@code posts.get}
 * @param body what its JSON is read as; {@code byte[]} takes it as it came
 * @param largest how many bytes its body may have
 * @param cost how many calls it counts as
 */
public record Offer<B>(
    String name,
    Scope needs,
    Effect effect,
    Class<B> body,
    int largest,
    ToIntFunction<B> cost,
    BiFunction<Caller, B, Reply> deed) {
  private static final int LARGEST = 1 << 20;

  /** What a call leaves behind. */
  enum Effect {
    /** Nothing. */
    NONE,
    /** A change, which a second call does not make again. */
    REPEATABLE,
    /**
     * A change, which an idempotency key makes safe to ask for again; it is made in the transaction
     * that keeps the key.
     */
    ONCE
  }

  /** Something that changes nothing. */
  public static <B> Offer<B> reading(
      String name, Class<B> body, BiFunction<Caller, B, Object> deed) {
    return new Offer<>(
        name,
        Scope.READ,
        Effect.NONE,
        body,
        LARGEST,
        _ -> 1,
        (caller, asked) -> Reply.ok(deed.apply(caller, asked)));
  }

  /** Something that is done once, however often it is asked for under one idempotency key. */
  public static <B> Offer<B> writing(
      String name, Class<B> body, BiFunction<Caller, B, Reply> deed) {
    return new Offer<>(name, Scope.WRITE, Effect.ONCE, body, LARGEST, _ -> 1, deed);
  }

  /** The same where doing it twice does no harm, so that no key is kept. */
  public Offer<B> repeatable() {
    return new Offer<>(name, needs, Effect.REPEATABLE, body, largest, cost, deed);
  }

  /** The same for those alone who may write. */
  public Offer<B> forWriters() {
    return new Offer<>(name, Scope.WRITE, effect, body, largest, cost, deed);
  }

  /** The same for larger bodies. */
  public Offer<B> upTo(int bytes) {
    return new Offer<>(name, needs, effect, body, bytes, cost, deed);
  }

  /** The same where a call counts as several. */
  public Offer<B> costing(ToIntFunction<B> calls) {
    return new Offer<>(name, needs, effect, body, largest, calls, deed);
  }
}
