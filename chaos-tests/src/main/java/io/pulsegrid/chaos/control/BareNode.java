package io.pulsegrid.chaos.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.configuration.FactoryBuilder;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCache;
import org.apache.ignite.Ignition;
import org.apache.ignite.cache.CacheMode;
import org.apache.ignite.cache.CacheWriteSynchronizationMode;
import org.apache.ignite.configuration.CacheConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.failure.NoOpFailureHandler;
import org.apache.ignite.plugin.segmentation.SegmentationPolicy;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;

/**
 * An Ignite node as it comes: one backup, full sync, and none of what Pulsegrid adds. It does what
 * its standard input says: {@code size}, {@code put N}, {@code claim N}; and ends with it.
 */
public final class BareNode {
  private static final String CACHE = "posts";
  private static final int FAILURE_MILLIS = 3_000;
  private static final int BATCH = 500;

  private BareNode() {}

  /**
   * Runs until the input ends.
   *
   * @param arguments the own address, the discovery and the communication port, the addresses of
   *     all, and {@code behind} for Ignite's write-behind
   */
  public static void main(String[] arguments) throws IOException {
    List<String> given = List.of(arguments);
    try (Ignite ignite = Ignition.start(configuration(given));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      IgniteCache<Integer, String> cache = ignite.getOrCreateCache(cache(given.contains("behind")));
      say("ready");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        obey(line.split(" ", -1), ignite, cache);
      }
    }
  }

  private static void obey(String[] order, Ignite ignite, IgniteCache<Integer, String> cache) {
    switch (order[0]) {
      case "size" -> say("size " + ignite.cluster().nodes().size());
      case "put" -> {
        put(cache, Integer.parseInt(order[1]));
        say("put " + order[1]);
      }
      case "claim" -> say("claimed " + claim(ignite, cache, Integer.parseInt(order[1])));
      default -> throw new IllegalArgumentException("no such order: " + order[0]);
    }
  }

  private static void put(IgniteCache<Integer, String> cache, int count) {
    Map<Integer, String> batch = new TreeMap<>();
    for (int id = 0; id < count; id++) {
      batch.put(id, "post " + id);
      if (batch.size() == BATCH || id == count - 1) {
        cache.putAll(batch);
        batch.clear();
      }
    }
  }

  /** The keys that nobody had claimed before, by commas. */
  private static String claim(Ignite ignite, IgniteCache<Integer, String> cache, int count) {
    String claimant = ignite.cluster().localNode().id().toString();
    return IntStream.range(0, count)
        .filter(id -> cache.putIfAbsent(id, claimant))
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private static IgniteConfiguration configuration(List<String> given) {
    TcpDiscoverySpi discovery =
        new TcpDiscoverySpi()
            .setLocalPort(Integer.parseInt(given.get(1)))
            .setLocalPortRange(0)
            .setIpFinder(
                new TcpDiscoveryVmIpFinder()
                    .setAddresses(Arrays.asList(given.get(3).split(",", -1))));
    return new IgniteConfiguration()
        .setIgniteInstanceName("bare-" + given.get(1))
        .setWorkDirectory(System.getProperty("control.work"))
        .setLocalHost(given.get(0))
        .setDiscoverySpi(discovery)
        .setCommunicationSpi(
            new TcpCommunicationSpi()
                .setLocalPort(Integer.parseInt(given.get(2)))
                .setLocalPortRange(0))
        .setFailureDetectionTimeout(FAILURE_MILLIS)
        .setFailureHandler(new NoOpFailureHandler())
        .setSegmentationPolicy(SegmentationPolicy.NOOP)
        .setMetricsLogFrequency(0);
  }

  private static CacheConfiguration<Integer, String> cache(boolean behind) {
    CacheConfiguration<Integer, String> cache =
        new CacheConfiguration<Integer, String>(CACHE)
            .setCacheMode(CacheMode.PARTITIONED)
            .setBackups(1)
            .setWriteSynchronizationMode(CacheWriteSynchronizationMode.FULL_SYNC);
    if (behind) {
      cache
          .setCacheStoreFactory(FactoryBuilder.factoryOf(BareStore.class))
          .setWriteThrough(true)
          .setWriteBehindEnabled(true);
    }
    return cache;
  }

  /** On a line of its own, told apart from what the libraries say. */
  private static void say(String what) {
    System.out.println("> " + what);
    System.out.flush();
  }
}
