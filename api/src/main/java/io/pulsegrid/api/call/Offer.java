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
 * @param once whether an idempotency key makes it safe to repeat; such a deed runs in the
 *     transaction that keeps the key
 */
public record Offer<B>(
    String name,
    Scope needs,
    Class<B> body,
    int largest,
    ToIntFunction<B> cost,
    boolean once,
    BiFunction<Caller, B, Reply> deed) {
  private static final int LARGEST = 1 << 20;

  /** Something that changes nothing. */
  public static <B> Offer<B> reading(
      String name, Class<B> body, BiFunction<Caller, B, Object> deed) {
    return new Offer<>(
        name,
        Scope.READ,
        body,
        LARGEST,
        _ -> 1,
        false,
        (caller, asked) -> Reply.ok(deed.apply(caller, asked)));
  }

  /** Something that is done once, however often it is asked for under one idempotency key. */
  public static <B> Offer<B> writing(
      String name, Class<B> body, BiFunction<Caller, B, Reply> deed) {
    return new Offer<>(name, Scope.WRITE, body, LARGEST, _ -> 1, true, deed);
  }

  /** The same where doing it twice does no harm, so that no key is kept. */
  public Offer<B> repeatable() {
    return new Offer<>(name, needs, body, largest, cost, false, deed);
  }

  /** The same for larger bodies. */
  public Offer<B> upTo(int bytes) {
    return new Offer<>(name, needs, body, bytes, cost, once, deed);
  }

  /** The same where a call counts as several. */
  public Offer<B> costing(ToIntFunction<B> calls) {
    return new Offer<>(name, needs, body, largest, calls, once, deed);
  }
}
