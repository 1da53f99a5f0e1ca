package io.pulsegrid.connectors.publish;

import io.pulsegrid.core.time.Deadline;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request body that knows whether it was handed to a connection. The client asks for it only once
 * it is connected and has sent the headers: while it has not, surely nothing was created. It is not
 * handed over after the deadline: a process that was stopped meanwhile sends nothing when it goes
 * on.
 *
 * <pre>
 * KEPT -> HANDED_OVER (the client may send it) | WITHHELD (nobody can send it any more)
 * </pre>
 */
final class WatchedBody implements BodyPublisher {
  private enum State {
    KEPT,
    HANDED_OVER,
    WITHHELD
  }

  private final Deadline deadline;
  private final BodyPublisher bytes;
  private final AtomicReference<State> state = new AtomicReference<>(State.KEPT);

  WatchedBody(String content, Deadline deadline) {
    this.deadline = deadline;
    bytes = BodyPublishers.ofString(content);
  }

  /**
   * Takes it back. A client that gave up may still be connecting on another thread; after this it
   * sends nothing.
   *
   * @return false if it was handed over before
   */
  boolean withhold() {
    return state.updateAndGet(now -> now == State.KEPT ? State.WITHHELD : now) == State.WITHHELD;
  }

  @Override
  public long contentLength() {
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    // The last look at the clocks before the first byte that could create anything.
    if (deadline.hasPassed()) {
      boolean _ = withhold();
    }
    if (state.updateAndGet(now -> now == State.KEPT ? State.HANDED_OVER : now)
        == State.HANDED_OVER) {
      bytes.subscribe(subscriber);
      return;
    }
    subscriber.onSubscribe(new Nothing());
    subscriber.onError(new IOException("the call was given up before its first byte"));
  }

  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
