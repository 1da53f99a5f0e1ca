package io.pulsegrid.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Many subscribers to a grid's events, each with a connection of its own, all read by one thread;
 * how long after an event was caused each of them heard it. Subscribers take their nodes by turns.
 */
final class Audience implements AutoCloseable {
  /** So many ask to be let in at a time; more would queue before the node's door. */
  private static final int AT_A_TIME = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final GridUnderTest grid;
  private final Selector selector = Selector.open();
  private final Queue<SocketChannel> arriving = new ConcurrentLinkedQueue<>();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
  private final AtomicInteger listening = new AtomicInteger();
  private final AtomicLongArray causedAt;
  private final int[] lagsMicros;
  private final AtomicInteger heard = new AtomicInteger();
  private final Thread reader;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  /**
   * An audience that nobody has joined yet.
   *
   * @param most how many may join
   * @param events how many events they will be told
   */
  Audience(GridUnderTest grid, int most, int events) throws IOException {
    this.grid = grid;
    causedAt = new AtomicLongArray(events);
    lagsMicros = new int[Math.multiplyExact(most, events)];
    reader = Thread.ofPlatform().name("audience").start(this::read);
  }

  /** Lets so many more listen; returns once all of them do. */
  void join(int count) throws IOException, InterruptedException {
    int before = listening.get();
    for (int i = 0; i < count; i++) {
      awaitListening(before + i - AT_A_TIME);
      SocketChannel channel =
          SocketChannel.open(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), grid.port((before + i) % grid.nodes())));
      ByteBuffer request = request();
      while (request.hasRemaining()) {
        int _ = channel.write(request);
      }
      channel.configureBlocking(false);
      arriving.add(channel);
      Selector _ = selector.wakeup();
    }
    awaitListening(before + count);
  }

  private void awaitListening(int wanted) throws IOException, InterruptedException {
    if (!await(listening, wanted, PATIENCE)) {
      throw new IOException(wanted + " should listen, but only " + listening + " do");
    }
  }

  /** Waits until so many were counted; false where that took too long. */
  private boolean await(AtomicInteger counted, int wanted, Duration longest)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + longest.toNanos();
    while (counted.get() < wanted && System.nanoTime() < until) {
      throwFailure();
      Thread.sleep(1);
    }
    return counted.get() >= wanted;
  }

  private ByteBuffer request() {
    return ByteBuffer.wrap(
        """
        GET /api/v1/events?types=post HTTP/1.1\r
        Host: 127.0.0.1\r
        Accept: text/event-stream\r
        Authorization: Bearer %s\r
        \r
        """
            .formatted(grid.key())
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** Notes that an event is caused now. */
  void causes(int event) {
    causedAt.set(event, System.nanoTime());
  }

  /** Waits until so many hearings were counted; false where that took too long. */
  boolean awaitHeard(int wanted, Duration longest) throws IOException, InterruptedException {
    return await(heard, wanted, longest);
  }

  int heard() {
    return heard.get();
  }

  /** How long after their causes events were heard, in milliseconds, from the shortest on. */
  double[] lagsMillis() {
    return Arrays.stream(lagsMicros, 0, heard.get()).sorted().mapToDouble(it -> it / 1e3).toArray();
  }

  private void read() {
    try {
      while (!closed) {
        int _ = selector.select(this::ready);
        for (SocketChannel next = arriving.poll(); next != null; next = arriving.poll()) {
          SelectionKey _ = next.register(selector, SelectionKey.OP_READ, new Hearing());
        }
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void ready(SelectionKey key) {
    Hearing hearing = (Hearing) key.attachment();
    boolean before = hearing.listens();
    try {
      bytes.clear();
      int read = ((SocketChannel) key.channel()).read(bytes);
      if (read < 0) {
        throw new IllegalStateException("a node let a subscriber go");
      }
    } catch (IOException e) {
      throw new IllegalStateException("a subscriber's connection broke", e);
    }
    hearing.take(bytes.flip(), this::heard);
    if (!before && hearing.listens()) {
      int _ = listening.incrementAndGet();
    }
  }

  private void heard(int event) {
    long nanos = System.nanoTime() - causedAt.get(event);
    // One thread only writes here.
    lagsMicros[heard.get()] = (int) Math.min(nanos / 1_000, Integer.MAX_VALUE);
    int _ = heard.incrementAndGet();
  }

  private void throwFailure() throws IOException {
    Exception failed = failure;
    if (failed != null) {
      throw new IOException("the audience broke up", failed);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Selector _ = selector.wakeup();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
