package io.pulsegrid.node.wiring;

import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.DirectorySettings;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.ListeningSettings;
import io.pulsegrid.node.config.NodeSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.NodeDirectory;
import io.pulsegrid.node.grid.wire.Stamp;
import io.pulsegrid.node.telling.EventBus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteCheckedException;
import org.apache.ignite.IgniteSpring;
import org.apache.ignite.Ignition;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The node's place in the grid. */
@Configuration(proxyBeanMethods = false)
class GridWiring {
  /** Leaves the grid when the context closes: after everything that uses it. */
  record Membership(Ignite ignite) implements AutoCloseable {
    @Override
    public void close() {
      Ignition.stop(ignite.name(), false);
    }
  }

  @Bean
  Membership membership(
      GridSettings grid,
      NodeSettings node,
      DirectorySettings directories,
      @Value("${server.address}") String address,
      @Value("${server.port}") int port,
      @Value("${pulsegrid.listening.device:cpu}") String device,
      ListeningWiring.StartNumber start,
      ApplicationContext context)
      throws IgniteCheckedException {
    Path directory = directories.data().resolve("node-" + node.index()).resolve("grid");
    IgniteConfiguration configuration =
        GridConfiguration.of(
            grid,
            grid.name() + "-" + node.index(),
            directory,
            Map.of(
                GridConfiguration.HTTP_ATTRIBUTE, "http://" + address + ":" + port,
                GridConfiguration.PID_ATTRIBUTE, Long.toString(ProcessHandle.current().pid()),
                GridConfiguration.GPU_ATTRIBUTE, Boolean.toString(device.equals("cuda")),
                Stamp.WRITER_ATTRIBUTE, start.value()),
            code -> Runtime.getRuntime().halt(code));
    Ignite ignite = IgniteSpring.start(configuration, context);
    GridConfiguration.afterStart(ignite);
    return new Membership(ignite);
  }

  @Bean(destroyMethod = "")
  Ignite ignite(Membership membership) {
    return membership.ignite();
  }

  @Bean
  NodeDirectory nodeDirectory(Ignite ignite, GridSettings settings) {
    return new NodeDirectory(
        ignite,
        settings.name(),
        CacheShapes.open(ignite, CacheShapes.<UUID, String>replicated("node-state")));
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
    return new EventBus(ignite, clock, ids, tellers, settings.eventsHeld());
  }
}
