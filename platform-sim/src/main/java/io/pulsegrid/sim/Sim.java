package io.pulsegrid.sim;

import com.sun.net.httpserver.HttpServer;
import io.pulsegrid.sim.bluesky.Bluesky;
import io.pulsegrid.sim.control.Control;
import io.pulsegrid.sim.devto.Devto;
import io.pulsegrid.sim.fault.Door;
import io.pulsegrid.sim.fault.FaultReader;
import io.pulsegrid.sim.fault.Faults;
import io.pulsegrid.sim.fault.Platform;
import io.pulsegrid.sim.feeds.Feeds;
import io.pulsegrid.sim.github.Github;
import io.pulsegrid.sim.hackernews.HackerNews;
import io.pulsegrid.sim.judge.Ledger;
import io.pulsegrid.sim.judge.LimitRule;
import io.pulsegrid.sim.judge.Limits;
import io.pulsegrid.sim.judge.Violations;
import io.pulsegrid.sim.linkedin.Linkedin;
import io.pulsegrid.sim.mastodon.Mastodon;
import io.pulsegrid.sim.meta.Facebook;
import io.pulsegrid.sim.meta.Instagram;
import io.pulsegrid.sim.posts.PostingPlatform;
import io.pulsegrid.sim.reddit.Reddit;
import io.pulsegrid.sim.webhook.Webhook;
import io.pulsegrid.sim.world.World;
import io.pulsegrid.sim.youtube.Youtube;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A running stand-in for the outside world; closing it frees its port. */
public final class Sim implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final HttpServer server;
  private final ExecutorService threads;
  private final String host;

  private Sim(HttpServer server, ExecutorService threads, String host) {
    this.server = server;
    this.threads = threads;
    this.host = host;
  }

  /**
   * Starts a stand-in and returns when it answers.
   *
   * @throws UncheckedIOException when the address cannot be had
   */
  public static Sim start(SimOptions options) {
    tuneServer();
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(options.host(), options.port()), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + e.getMessage(), e);
    }
    Violations violations = new Violations();
    Ledger ledger = new Ledger();
    Limits limits = new Limits(limits(), violations);
    World world = new World(options.seed());
    PostingPlatform.Books books = new PostingPlatform.Books(limits, ledger, options.clock());
    List<Platform> platforms =
        List.of(
            new Bluesky(books, world),
            new Devto(books, world),
            new Facebook(books),
            new Instagram(books),
            new Linkedin(books),
            new Mastodon(world, limits, ledger, options.clock()),
            new Reddit(books, world),
            new Webhook(books),
            new Github(world, limits, options.clock()),
            new Youtube(world, limits, options.clock()),
            new HackerNews(world, options.clock()),
            new Feeds(world, options.clock()));
    SplittableRandom random = new SplittableRandom(options.seed());
    Faults faults = new Faults(() -> nextDouble(random));
    for (Platform platform : platforms) {
      server.createContext(
          "/" + platform.name(), new Door(platform, faults, Thread::sleep, options.clock()));
    }
    server.createContext(
        "/sim", new Control(ledger, violations, limits, faults, new FaultReader(platforms)));
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.start();
    return new Sim(server, threads, options.host());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Where it answers, without a slash at the end. */
  public URI uri() {
    return URI.create("http://" + host + ":" + port());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** What the platforms themselves enforce. */
  private static Map<Limits.Action, List<LimitRule>> limits() {
    Map<Limits.Action, List<LimitRule>> all = new HashMap<>();
    List.of(
            Bluesky.LIMITS,
            Devto.LIMITS,
            Facebook.LIMITS,
            Github.LIMITS,
            Instagram.LIMITS,
            Linkedin.LIMITS,
            Mastodon.LIMITS,
            Reddit.LIMITS,
            Webhook.LIMITS,
            Youtube.LIMITS)
        .forEach(all::putAll);
    return all;
  }

  private static double nextDouble(SplittableRandom random) {
    synchronized (random) {
      return random.nextDouble();
    }
  }

  /** The JDK's server reads these once: small answers at once, and many idle connections kept. */
  private static void tuneServer() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
  }
}
