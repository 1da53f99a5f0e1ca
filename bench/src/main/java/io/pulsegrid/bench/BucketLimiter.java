package io.pulsegrid.bench;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.ignite.Bucket4jIgnite;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.grid.CacheShapes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ignite.Ignite;

/**
 * bucket4j's token buckets on the same grid, in a cache of the same shape. It has no question for
 * several buckets at once: they are asked side by side.
 */
final class BucketLimiter implements Limiter {
  static final String CACHE = "bucket";

  private final ProxyManager<String> buckets;
  private final AsyncProxyManager<String> sideBySide;
  private final BucketConfiguration rule;

  BucketLimiter(Ignite ignite, int backups, WindowRule rule) {
    buckets =
        Bucket4jIgnite.thickClient()
            .entryProcessorBasedBuilder(
                CacheShapes.open(ignite, CacheShapes.<String, byte[]>partitioned(CACHE, backups)))
            .build();
    sideBySide = buckets.asAsync();
    this.rule =
        BucketConfiguration.builder()
            .addLimit(
                limit -> limit.capacity(rule.limit()).refillGreedy(rule.limit(), rule.window()))
            .build();
  }

  @Override
  public long take(List<String> channels, int each) throws Exception {
    if (channels.size() == 1) {
      return buckets
          .builder()
          .build(channels.getFirst(), () -> rule)
          .tryConsumeAsMuchAsPossible(each);
    }
    List<CompletableFuture<Long>> answers =
        channels.stream()
            .map(
                channel ->
                    sideBySide
                        .builder()
                        .build(channel, () -> CompletableFuture.completedFuture(rule))
                        .tryConsumeAsMuchAsPossible(each))
            .toList();
    long granted = 0;
    for (CompletableFuture<Long> answer : answers) {
      granted += answer.get();
    }
    return granted;
  }

  @Override
  public void done() {
    // A bucket fills by the clock, whatever became of the call.
  }

  @Override
  public void close() {
    // Nothing is ever kept back.
  }
}
