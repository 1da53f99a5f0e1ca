package io.pulsegrid.node.grid;

import io.pulsegrid.node.config.GridSettings;
import java.nio.file.Path;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.calcite.CalciteQueryEngineConfiguration;
import org.apache.ignite.cluster.ClusterState;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.configuration.ExecutorConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.configuration.SqlConfiguration;
import org.apache.ignite.configuration.TransactionConfiguration;
import org.apache.ignite.logger.slf4j.Slf4jLogger;
import org.apache.ignite.plugin.segmentation.SegmentationPolicy;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;

/** The Ignite configuration of a node: every default that is unsafe for us is set here. */
public final class GridConfiguration {
  /** The node attribute that holds where its REST answers. */
  public static final String HTTP_ATTRIBUTE = "pulsegrid.http";

  /** The node attribute that holds its process id. */
  public static final String PID_ATTRIBUTE = "pulsegrid.pid";

  /** The node attribute that says whether it embeds on a GPU. */
  public static final String GPU_ATTRIBUTE = "pulsegrid.gpu";

  /** Threads apart for searches, which must not queue behind jobs that wait for Postgres. */
  public static final String SEARCH_EXECUTOR = "search";

  /** Threads apart for texts that other nodes have embedded here: a batch keeps one for long. */
  public static final String EMBED_EXECUTOR = "embed";

  private static final int SEARCH_THREADS = 8;
  private static final int EMBED_THREADS = 4;

  /** The region that all data lives in. */
  static final String REGION = "data";

  private static final long TRANSACTION_TIMEOUT_MILLIS = 10_000;
  private static final long BASELINE_ADJUST_MILLIS = 2_000;

  private GridConfiguration() {}

  /**
   * A node's configuration.
   *
   * @param directory where Ignite keeps its few files
   * @param attributes what other nodes may know of this one
   * @param rules who may join, and when caches may be written
   * @param host what this machine is called among those of the grid
   * @param departure where the node goes when it fails or is cut off
   */
  public static IgniteConfiguration of(
      GridSettings settings,
      String instanceName,
      Path directory,
      Map<String, ?> attributes,
      GridPlugin rules,
      Departure departure,
      String host) {
    // A name of its own for each instance: tests run several in one JVM; nodes meet by address.
    return new IgniteConfiguration()
        .setIgniteInstanceName(instanceName)
        .setConsistentId(consistentId(settings, instanceName, host))
        .setWorkDirectory(directory.toAbsolutePath().toString())
        .setLocalHost(settings.host())
        .setGridLogger(new Slf4jLogger())
        .setMetricsLogFrequency(0)
        .setMetricExporterSpi(new IgniteMeters())
        .setPeerClassLoadingEnabled(false)
        .setExecutorConfiguration(
            new ExecutorConfiguration(SEARCH_EXECUTOR).setSize(SEARCH_THREADS),
            new ExecutorConfiguration(EMBED_EXECUTOR).setSize(EMBED_THREADS))
        .setUserAttributes(attributes)
        // Else the whole environment and every system property, passwords among them, would be told
        // to all nodes, and by them to every program that asks which nodes there are.
        .setIncludeProperties()
        .setFailureHandler(new GridFailureHandler(departure))
        .setSegmentationPolicy(SegmentationPolicy.USE_FAILURE_HANDLER)
        .setPluginProviders(rules)
        .setSystemViewExporterSpi(new PartitionOwners())
        .setFailureDetectionTimeout(settings.failureDetection().toMillis())
        .setClusterStateOnStart(ClusterState.ACTIVE)
        // No door that is not needed: Doors opens the one for programs on a real node.
        .setClientConnectorConfiguration(null)
        .setConnectorConfiguration(null)
        .setDiscoverySpi(discovery(settings))
        .setCommunicationSpi(communication(settings))
        .setDataStorageConfiguration(storage(settings))
        .setSqlConfiguration(
            new SqlConfiguration()
                .setQueryEnginesConfiguration(
                    new CalciteQueryEngineConfiguration().setDefault(true)))
        .setTransactionConfiguration(
            new TransactionConfiguration().setDefaultTxTimeout(TRANSACTION_TIMEOUT_MILLIS));
  }

  /**
   * What a node is called, and is again after a restart. No two share it that run at once, as long
   * as machines that listen on all their addresses, or on loopback, have different names.
   */
  public static String consistentId(GridSettings settings, String instanceName, String host) {
    return "%s-%s-%s-%d".formatted(instanceName, settings.host(), host, settings.discoveryPort());
  }

  /** What can only be set on a running grid: the baseline follows the nodes by itself. */
  public static void afterStart(Ignite ignite) {
    ignite.cluster().baselineAutoAdjustEnabled(true);
    ignite.cluster().baselineAutoAdjustTimeout(BASELINE_ADJUST_MILLIS);
  }

  private static TcpDiscoverySpi discovery(GridSettings settings) {
    TcpDiscoverySpi discovery = new TcpDiscoverySpi();
    discovery.setIpFinder(PeerFinder.of(settings));
    discovery.setLocalPort(settings.discoveryPort());
    discovery.setLocalPortRange(0);
    return discovery;
  }

  /**
   * With the operating system's own buffers (0), which grow with what is sent. Ignite's 32 KB are
   * less than one segment of a loopback: their window closes, opens too little for the next
   * segment, and the sender probes it ever more seldom; a busy grid stood still for up to eight
   * seconds, every thread of it waiting for an answer.
   */
  private static TcpCommunicationSpi communication(GridSettings settings) {
    return new TcpCommunicationSpi()
        .setLocalPort(settings.communicationPort())
        .setLocalPortRange(0)
        .setSocketReceiveBuffer(0)
        .setSocketSendBuffer(0);
  }

  private static DataStorageConfiguration storage(GridSettings settings) {
    long maxBytes = settings.regionMb() * 1024L * 1024L;
    DataRegionConfiguration region =
        new DataRegionConfiguration()
            .setName(REGION)
            .setInitialSize(Math.min(maxBytes, 64L * 1024 * 1024))
            .setMaxSize(maxBytes)
            .setMetricsEnabled(true);
    return new DataStorageConfiguration().setDefaultDataRegionConfiguration(region);
  }
}
