package io.pulsegrid.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.ignite.client.ClientConnectionException;
import org.apache.ignite.client.ClientException;
import org.jspecify.annotations.Nullable;

/**
 * The way to the grid: a client of Ignite's, and another in its place once that one leads to a node
 * that keeps silent. Ignite waits for a node that hangs or was cut off, in a TLS handshake without
 * end, and then asks the same one again; so it is never waited for on the caller's own thread, and
 * whoever has waited in vain is led elsewhere. Safe for many threads.
 */
final class Line implements Door, AutoCloseable {
  /** Of a call's patience: one for a silent node, the others for those that answer. */
  private static final int SHARES = 3;

  private static final Duration SHORTEST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final List<String> addresses;
  private final Duration longest;
  private final Function<List<String>, Link> opener;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("pulsegrid-line-", 0).factory());

  @GuardedBy("this")
  private @Nullable Future<Link> link;

  @GuardedBy("this")
  private boolean wasSilent;

  /** A client that has met a node. */
  record Link(Door door, AutoCloseable client) {}

  /**
   * A line that is not open yet.
   *
   * @param longest how long an attempt waits for an answer
   * @param opener meets a node at one of some addresses, and finds the others through it
   */
  Line(List<String> addresses, Duration longest, Function<List<String>, Link> opener) {
    this.addresses = addresses;
    this.longest = longest;
    this.opener = opener;
  }

  /** How long one attempt of a call waits, where the call goes on trying for so long. */
  static Duration longest(Duration patience) {
    Duration share = patience.dividedBy(SHARES);
    if (share.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return share.compareTo(LONGEST) > 0 ? LONGEST : share;
  }

  /**
   * Meets a node.
   *
   * @throws ClientException what kept it from that
   */
  void open() {
    try {
      // At all addresses, then at each.
      Link _ = waited(current(), longest.multipliedBy(2));
    } catch (TimeoutException silent) {
      throw silence(silent);
    }
  }

  @Override
  public byte[] call(byte[] message) {
    Future<Link> used;
    Future<byte[]> answer;
    try {
      used = current();
      Link open = waited(used, longest);
      answer = threads.submit(() -> open.door().call(message));
    } catch (TimeoutException silent) {
      throw silence(silent);
    } catch (RejectedExecutionException closed) {
      throw new ClientException("the connection is closed", closed);
    }
    try {
      return waited(answer, longest);
    } catch (TimeoutException silent) {
      giveUp(used, true);
      throw silence(silent);
    } catch (ClientConnectionException lost) {
      giveUp(used, false);
      throw lost;
    } catch (ClientException failed) {
      // A client that was given up under a call says all sorts of things.
      throw isCurrent(used)
          ? failed
          : new ClientConnectionException("the connection was given up", failed);
    } finally {
      boolean _ = answer.cancel(true);
    }
  }

  private ClientConnectionException silence(TimeoutException silent) {
    return new ClientConnectionException("no answer within " + longest.toMillis() + " ms", silent);
  }

  private synchronized Future<Link> current() {
    Future<Link> now = link;
    if (now == null || now.state() == Future.State.FAILED) {
      boolean elsewhere = wasSilent;
      now = threads.submit(() -> meet(elsewhere));
      link = now;
    }
    return now;
  }

  @SuppressWarnings("ReferenceEquality") // that very client is meant
  private synchronized boolean isCurrent(Future<Link> used) {
    return link == used;
  }

  /** Ignite tries addresses one after the other; where one keeps silent, all are tried at once. */
  private Link meet(boolean oneIsSilent) {
    try {
      if (!oneIsSilent) {
        return first(List.of(addresses));
      }
    } catch (TimeoutException silent) {
      // Another one may answer.
    }
    try {
      return first(addresses.stream().map(List::of).toList());
    } catch (TimeoutException silent) {
      throw silence(silent);
    }
  }

  /** Goes these ways at once; the one that first meets a node is taken. */
  private Link first(List<List<String>> ways) throws TimeoutException {
    CompletableFuture<Link> first = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(ways.size());
    List<Future<?>> going = new ArrayList<>();
    for (List<String> way : ways) {
      going.add(threads.submit(() -> go(way, first, left)));
    }
    try {
      return waited(first, longest);
    } catch (TimeoutException silent) {
      if (first.cancel(false)) {
        throw silent;
      }
      return waited(first, longest);
    } finally {
      boolean _ = first.cancel(false);
      going.forEach(one -> one.cancel(true));
    }
  }

  private @Nullable Void go(List<String> way, CompletableFuture<Link> first, AtomicInteger left)
      throws Exception {
    try {
      Link made = opener.apply(way);
      if (!first.complete(made)) {
        made.client().close();
      }
    } catch (RuntimeException failed) {
      if (left.decrementAndGet() == 0) {
        first.completeExceptionally(failed);
      }
    }
    return null;
  }

  private static <T> T waited(Future<T> future, Duration most) throws TimeoutException {
    try {
      return future.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException told) {
        throw told;
      }
      throw new ClientException("the call failed", failed.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw PulsegridException.of(
          PulsegridException.UNAVAILABLE, 503, "interrupted while waiting for the grid", stopping);
    }
  }

  /** The next call meets a node anew; those that are under way here are asked again. */
  private void giveUp(Future<Link> used, boolean silent) {
    synchronized (this) {
      if (!isCurrent(used)) {
        return;
      }
      link = null;
      wasSilent = silent;
    }
    Future<?> _ = retire(used.resultNow());
  }

  /** On a thread of its own: where a handshake hangs, so does Ignite's closing. */
  private Future<?> retire(Link used) {
    return threads.submit(
        () -> {
          used.client().close();
          return null;
        });
  }

  @Override
  public void close() {
    Future<Link> last;
    synchronized (this) {
      last = link;
      link = null;
    }
    try {
      if (last != null && last.state() == Future.State.SUCCESS) {
        Object _ = waited(retire(last.resultNow()), longest);
      }
    } catch (TimeoutException hanging) {
      // It ends with the handshake that it waits for; the program need not.
    } finally {
      List<Runnable> _ = threads.shutdownNow();
    }
  }
}
