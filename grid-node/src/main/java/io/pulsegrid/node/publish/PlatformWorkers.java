package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Workers;
import io.pulsegrid.node.store.ledger.SwitchStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people say of concurrency, kept in the ledger; each node's sweep passes it on. */
final class PlatformWorkers implements Workers {
  private static final int MOST = 1_000;

  private final SwitchStore switches;
  private final CallSlots slots;
  private final Set<String> platforms;

  PlatformWorkers(SwitchStore switches, CallSlots slots, Set<String> platforms) {
    this.switches = switches;
    this.slots = slots;
    this.platforms = Set.copyOf(platforms);
  }

  @Override
  public List<Worker> list() {
    Map<String, Integer> changed = switches.concurrency();
    Map<String, Integer> running = switches.running();
    return platforms.stream()
        .sorted()
        .map(
            platform -> {
              int configured = slots.configured(platform);
              return new Worker(
                  platform,
                  changed.getOrDefault(platform, configured),
                  configured,
                  running.getOrDefault(platform, 0));
            })
        .toList();
  }

  @Override
  public Worker change(String platform, @Nullable Integer concurrency) {
    requireKnown(platform, platforms);
    if (concurrency == null) {
      switches.forgetConcurrency(platform);
    } else if (concurrency < 1 || concurrency > MOST) {
      throw PulsegridException.invalid(
          "concurrency", "must be 1 to " + MOST + ", was " + concurrency);
    } else {
      switches.changeConcurrency(platform, concurrency);
    }
    slots.change(switches.concurrency());
    return list().stream()
        .filter(worker -> worker.platform().equals(platform))
        .findFirst()
        .orElseThrow();
  }

  static void requireKnown(String platform, Set<String> platforms) {
    if (!platforms.contains(platform)) {
      throw PulsegridException.invalid(
          "platform", "must be one of " + platforms.stream().sorted().toList());
    }
  }
}
