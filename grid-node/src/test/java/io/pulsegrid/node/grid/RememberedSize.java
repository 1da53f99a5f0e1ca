package io.pulsegrid.node.grid;

import io.pulsegrid.core.failure.PulsegridException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An expected size in memory, which several nodes of a test share; its store can be away. */
public final class RememberedSize implements ExpectedSize {
  private Size size = new Size(1, 1);
  private boolean away;
  private @Nullable String holder;

  /** Makes the store go away, or come back. */
  public synchronized void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public synchronized Size read() {
    if (away) {
      throw PulsegridException.unavailable("the store does not answer", Duration.ofSeconds(1));
    }
    return size;
  }

  @Override
  public synchronized boolean change(Size known, int nodes) {
    if (!read().equals(known)) {
      return false;
    }
    size = new Size(nodes, known.version() + 1);
    return true;
  }

  @Override
  public synchronized Optional<String> hold(String node, Collection<String> here) {
    if (holder == null || here.contains(holder)) {
      holder = node;
    }
    return Optional.of(holder).filter(other -> !other.equals(node));
  }

  /** What the passing of time does to a holder that is not heard of any more. */
  synchronized void forgetHolder() {
    holder = null;
  }
}
