package io.pulsegrid.node.publish;

import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What the last sweep found due in Postgres itself, whatever the grid says. */
final class Overdue {
  private final Map<String, List<Waiting>> byChannel = new ConcurrentHashMap<>();

  /** Replaces what an earlier sweep found. */
  void found(List<Waiting> deliveries) {
    Map<String, List<Waiting>> found =
        deliveries.stream().collect(Collectors.groupingBy(Waiting::channel));
    byChannel.keySet().retainAll(found.keySet());
    byChannel.putAll(found);
  }

  List<Waiting> of(String channel) {
    return byChannel.getOrDefault(channel, List.of());
  }

  /** It is being armed; it comes back with the next sweep if that fails. */
  void taken(Waiting delivery) {
    byChannel.computeIfPresent(
        delivery.channel(),
        (_, list) -> list.stream().filter(one -> !one.id().equals(delivery.id())).toList());
  }
}
