package io.pulsegrid.sim.fault;

import io.pulsegrid.sim.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/** The faults that wait for calls; the first that fits strikes. Safe for use by many threads. */
public final class Faults {
  /** A fault and how often it has struck. */
  public record Waiting(Fault fault, AtomicLong struck) {}

  private final List<Waiting> waiting = new CopyOnWriteArrayList<>();
  private final DoubleSupplier chance;

  /** Faults whose probability is drawn from {@code chance}, which gives 0 to below 1. */
  public Faults(DoubleSupplier chance) {
    this.chance = chance;
  }

  public void add(List<Fault> faults) {
    waiting.addAll(faults.stream().map(fault -> new Waiting(fault, new AtomicLong())).toList());
  }

  public void clear() {
    waiting.clear();
  }

  public List<Waiting> all() {
    return List.copyOf(waiting);
  }

  /** The fault that strikes this call, counted as struck. */
  Optional<Fault> strike(Platform platform, Request request) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    String operation = platform.operation(request);
    return waiting.stream()
        .filter(it -> it.fault().concerns(platform, operation))
        .filter(it -> matches(it.fault(), platform, request))
        .filter(
            it -> it.fault().probability() >= 1 || chance.getAsDouble() < it.fault().probability())
        .filter(Faults::count)
        .map(Waiting::fault)
        .findFirst();
  }

  /**
   * The body is read only where neither address nor account decides: a refusal leaves it unread.
   */
  private static boolean matches(Fault fault, Platform platform, Request request) {
    String match = fault.match();
    return match == null
        || request.target().contains(match)
        || platform.account(request).equals(match)
        || request.body().contains(match)
        || request.form().values().stream()
            .flatMap(List::stream)
            .anyMatch(it -> it.contains(match));
  }

  private static boolean count(Waiting waiting) {
    Long limit = waiting.fault().count();
    long most = limit == null ? Long.MAX_VALUE : limit;
    return waiting.struck().getAndUpdate(struck -> struck < most ? struck + 1 : struck) < most;
  }
}
