package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Publisher.Call;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was opened with the credentials of channels, kept until a platform refuses it. Losing it
 * costs one sign-in. Safe for use by many threads.
 */
final class Kept<T> {
  private static final int MOST = 10_000;

  private final Map<Key, T> opened = new ConcurrentHashMap<>();
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

  /** What signs in. */
  interface Opening<T> {
    T open() throws Ended, IOException, InterruptedException;
  }

  private record Key(URI baseUrl, String handle, Channel.Credentials credentials) {}

  @Nullable T of(Call call) {
    return opened.get(key(call));
  }

  /**
   * Another one than {@code old}, which the platform refused: what somebody else has opened
   * meanwhile, or what {@code opening} opens. One at a time, so that calls which fail together sign
   * in once.
   *
   * @param old null where there was none
   */
  T insteadOf(@Nullable T old, Call call, Opening<T> opening)
      throws Ended, IOException, InterruptedException {
    ReentrantLock lock = locks[Math.floorMod(key(call).hashCode(), locks.length)];
    if (!lock.tryLock(call.deadline().left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new Unusable("no time left: another call is signing in");
    }
    try {
      @Nullable T now = of(call);
      return now == null || now.equals(old) ? keep(call, opening.open()) : now;
    } finally {
      lock.unlock();
    }
  }

  private T keep(Call call, T fresh) {
    if (opened.size() >= MOST) {
      opened.clear();
    }
    opened.put(key(call), fresh);
    return fresh;
  }

  private static Key key(Call call) {
    return new Key(call.channel().baseUrl(), call.channel().handle(), call.credentials());
  }
}
