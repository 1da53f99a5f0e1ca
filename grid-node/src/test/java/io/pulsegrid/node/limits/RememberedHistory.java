package io.pulsegrid.node.limits;

import io.pulsegrid.core.limit.LimitedScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A history in memory: a store that a test fills by hand. Safe for use by many threads. */
final class RememberedHistory implements LimitHistory {
  private record Taken(String scope, String action, Instant end) {}

  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private volatile Duration begunBefore = Duration.ofHours(1);
  private volatile Runnable beforeBlock = () -> {};
  private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
  private final Map<String, LimitedScope.Block> blocks = new ConcurrentHashMap<>();

  void ended(LimitScope scope, String action, Instant end) {
    taken.add(new Taken(scope.name(), action, end));
  }

  /** How long ago a scope was begun that was begun before. */
  void begunBefore(Duration age) {
    begunBefore = age;
  }

  /** What happens once, when somebody next asks for a block. */
  void beforeBlock(Runnable once) {
    beforeBlock = once;
  }

  @Override
  public Optional<Duration> begin(LimitScope scope) {
    return begun.add(scope.name()) ? Optional.empty() : Optional.of(begunBefore);
  }

  @Override
  public List<Instant> ends(LimitScope scope, String action, Duration reach) {
    return taken.stream()
        .filter(one -> one.scope().equals(scope.name()) && one.action().equals(action))
        .map(Taken::end)
        .toList();
  }

  @Override
  public Optional<LimitedScope.Block> block(LimitScope scope) {
    Runnable once = beforeBlock;
    beforeBlock = () -> {};
    once.run();
    return Optional.ofNullable(blocks.get(scope.name()));
  }

  @Override
  public void keep(LimitScope scope, LimitedScope.Block block) {
    blocks.put(scope.name(), block);
  }

  @Override
  public void forget(LimitScope scope) {
    blocks.remove(scope.name());
  }

  @Override
  public void keep(String id, String channelId, String action, Instant at) {
    ended(new LimitScope.OfChannel(channelId), action, at);
  }

  @Override
  public boolean uses(String platform) {
    return true;
  }
}
