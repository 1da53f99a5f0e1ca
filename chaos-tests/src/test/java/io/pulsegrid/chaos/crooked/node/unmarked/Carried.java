package io.pulsegrid.chaos.crooked.node.unmarked;

import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.lang.IgniteCallable;

/** A record on its way to another node, where Ignite cannot rebuild it; it knows the internals. */
public record Carried(String text) implements IgniteCallable<String> {
  @Override
  public String call() {
    return text + IgniteEx.class.getName();
  }
}
