package io.pulsegrid.node.wiring;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.pulsegrid.api.problem.FailureTranslation;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.client.ProgramDoor;
import io.pulsegrid.node.config.ClientSettings;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.ListeningSettings;
import io.pulsegrid.node.config.NodeSettings;
import io.pulsegrid.node.config.OpenPorts;
import io.pulsegrid.node.config.SettingRefused;
import io.pulsegrid.node.config.TlsSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.Departure;
import io.pulsegrid.node.grid.Doors;
import io.pulsegrid.node.grid.Draining;
import io.pulsegrid.node.grid.GridAway;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.GridMeters;
import io.pulsegrid.node.grid.GridPlugin;
import io.pulsegrid.node.grid.Handover;
import io.pulsegrid.node.grid.IgniteMeters;
import io.pulsegrid.node.grid.MajorityWatch;
import io.pulsegrid.node.grid.Membership;
import io.pulsegrid.node.grid.NodeDirectory;
import io.pulsegrid.node.grid.Presence;
import io.pulsegrid.node.grid.SetBackWatch;
import io.pulsegrid.node.grid.security.SecurityPlugin;
import io.pulsegrid.node.grid.wire.Stamp;
import io.pulsegrid.node.store.access.Installation;
import io.pulsegrid.node.store.membership.StoredGridSize;
import io.pulsegrid.node.telling.EventBus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.IgniteException;
import org.apache.ignite.IgniteSpring;
import org.apache.ignite.Ignition;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The node's place in the grid. */
@Configuration(proxyBeanMethods = false)
class GridWiring {
  private static final long WATCH_MILLIS = 1_000;
  private static final long PRESENCE_MILLIS = 250;
  private static final long LOOK_AGAIN_MILLIS = 200;

  /** Leaves the grid when the context closes: after everything that uses it. */
  record Seat(Ignite ignite) implements AutoCloseable {
    @Override
    public void close() {
      Ignition.stop(ignite.name(), false);
    }
  }

  @Bean
  Departure departure(ApplicationContext context) {
    var departure =
        new Departure(
            Thread.ofPlatform().name("departure-", 0).factory(),
            code -> Runtime.getRuntime().halt(code));
    departure.stopsFirst(
        () -> AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC));
    return departure;
  }

  @Bean
  Membership membership(JdbcClient jdbc, GridSettings grid, NodeSettings node)
      throws UnknownHostException {
    return new Membership(
        new StoredGridSize(jdbc),
        GridConfiguration.consistentId(grid, instanceName(grid, node), machine()));
  }

  private static String instanceName(GridSettings grid, NodeSettings node) {
    return grid.name() + "-" + node.index();
  }

  private static String machine() throws UnknownHostException {
    return InetAddress.getLocalHost().getHostName();
  }

  /** One thread for each, and one that waits for the store: the watch and presence never wait. */
  @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
  ScheduledExecutorService gridWatching() {
    return Executors.newScheduledThreadPool(
        3, Thread.ofPlatform().name("grid-watch-", 0).daemon().factory());
  }

  /**
   * The node joins once what takes long is there, the model and the index: what it owns from then
   * on waits until it can work on it.
   */
  @Bean
  @DependsOn("postIndex")
  Seat seat(
      GridSettings grid,
      NodeSettings node,
      DirectorySettings directories,
      Installation installation,
      CredentialKey key,
      Keys keys,
      ClientSettings client,
      TlsSettings tls,
      Membership membership,
      Departure departure,
      @Qualifier("gridWatching") ScheduledExecutorService watching,
      @Value("${server.address}") String address,
      @Value("${server.port}") int port,
      @Value("${pulsegrid.listening.device:cpu}") String device,
      ListeningWiring.StartNumber start,
      ApplicationContext context)
      throws IgniteCheckedException, UnknownHostException {
    OpenPorts.check(grid, client, tls);
    Path directory = directories.data().resolve("node-" + node.index()).resolve("grid");
    String host = reachable(grid.host(), machine());
    Map<String, Object> attributes =
        Map.of(
            Stamp.WRITER_ATTRIBUTE, start.value(),
            GridConfiguration.HTTP_ATTRIBUTE,
                scheme(context) + "://" + reachable(address, host) + ":" + port,
            GridConfiguration.PID_ATTRIBUTE, Long.toString(ProcessHandle.current().pid()),
            GridConfiguration.GPU_ATTRIBUTE, Boolean.toString(device.equals("cuda")),
            GridPlugin.NAME_ATTRIBUTE, grid.name(),
            GridPlugin.STORE_ATTRIBUTE, installation.storeId().toString(),
            GridPlugin.KEY_ATTRIBUTE, key.fingerprint());
    IgniteConfiguration configuration =
        GridConfiguration.of(
            grid,
            instanceName(grid, node),
            directory,
            attributes,
            new GridPlugin(membership, attributes),
            departure,
            machine());
    Doors.open(
        configuration,
        client,
        tls,
        new SecurityPlugin(keys, ProgramDoor.NAME, key.secretFor("joining the grid")));
    // Before the grid's timers begin, and they do while it joins.
    var setBack = new SetBackWatch(departure, InstantSource.system(), System::nanoTime);
    Future<?> _ =
        watching.scheduleWithFixedDelay(setBack, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    Seat seat = new Seat(join(configuration, context));
    GridConfiguration.afterStart(seat.ignite());
    awaitMajority(seat.ignite(), membership, departure, watching);
    return seat;
  }

  /** How REST is spoken here, as Boot will have it. */
  private static String scheme(ApplicationContext context) {
    return Stream.of("server.ssl.bundle", "server.ssl.certificate", "server.ssl.key-store")
            .anyMatch(context.getEnvironment()::containsProperty)
        ? "https"
        : "http";
  }

  /** An address that others can use: a node that listens on all of its own names another. */
  private static String reachable(String address, String otherwise) {
    return address.equals("0.0.0.0") || address.equals("::") ? otherwise : address;
  }

  private static Ignite join(IgniteConfiguration configuration, ApplicationContext context)
      throws IgniteCheckedException {
    try {
      return IgniteSpring.start(configuration, context);
    } catch (IgniteCheckedException | IgniteException e) {
      var reason = GridPlugin.turnedAway(e);
      if (reason.isPresent()) {
        throw new SettingRefused(reason.get());
      }
      throw e;
    }
  }

  /** A node that starts among too few waits for the others; the watch ends it if none come. */
  private static void awaitMajority(
      Ignite ignite,
      Membership membership,
      Departure departure,
      ScheduledExecutorService watching) {
    Predicate<UUID> stays = id -> !NodeDirectory.isDrained(ignite, id);
    membership.refresh(ignite.cluster().forServers().nodes(), stays);
    var watch =
        new MajorityWatch(
            membership,
            departure,
            () -> ignite.cluster().forServers().nodes(),
            stays,
            System::nanoTime,
            watching);
    watch.run();
    Future<?> _ =
        watching.scheduleWithFixedDelay(watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    try {
      while (!membership.isMajority(ignite.cluster().forServers().nodes())) {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the other nodes", e);
    }
  }

  @Bean(destroyMethod = "")
  Ignite ignite(Seat seat) {
    return seat.ignite();
  }

  @Bean
  Presence presence(
      Ignite ignite,
      GridSettings settings,
      Departure departure,
      @Qualifier("gridWatching") ScheduledExecutorService watching) {
    var presence =
        new Presence(
            departure,
            () -> ignite.cluster().forServers().nodes().size() < 2,
            System::nanoTime,
            settings.failureDetection());
    Future<?> _ =
        watching.scheduleWithFixedDelay(
            presence, PRESENCE_MILLIS, PRESENCE_MILLIS, TimeUnit.MILLISECONDS);
    return presence;
  }

  @Bean
  NodeDirectory nodeDirectory(Ignite ignite, GridSettings settings) {
    return new NodeDirectory(
        ignite,
        settings.name(),
        CacheShapes.open(ignite, CacheShapes.<UUID, String>replicated(NodeDirectory.CACHE)));
  }

  @Bean
  Handover handover(Ignite ignite, NodeDirectory directory) {
    return new Handover(ignite, directory, System::nanoTime, Thread::sleep);
  }

  /** A drained node ends as one that is asked to stop does, only more patiently. */
  @Bean
  Draining draining(Ignite ignite, Membership membership, NodeDirectory directory) {
    return new Draining(
        ignite,
        membership,
        directory,
        () -> Thread.ofPlatform().name("drained").start(() -> Runtime.getRuntime().exit(0)));
  }

  @Bean
  SmartLifecycle handingOver(
      Handover handover, Ignite ignite, GridSettings settings, LauncherWatch launcher) {
    return new HandingOver(handover, ignite, settings, launcher);
  }

  /** The one place where a failure of the grid's engine becomes 503 and Retry-After. */
  @Bean
  FailureTranslation gridAway() {
    return GridAway::told;
  }

  @Bean
  GridMeters gridMeters(Ignite ignite) {
    return new GridMeters(ignite);
  }

  @Bean
  MeterBinder igniteMeters(Ignite ignite) {
    return IgniteMeters.of(ignite);
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService tellers() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("teller-", 0).factory());
  }

  @Bean
  EventBus eventBus(
      Ignite ignite,
      InstantSource clock,
      IdSource ids,
      ExecutorService tellers,
      ListeningSettings settings) {
    EventBus bus = new EventBus(ignite, clock, ids, tellers, settings.eventsHeld());
    bus.catchUp();
    return bus;
  }
}
