package io.pulsegrid.node.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a node joins its grid and what it holds ({@code pulsegrid.grid.*}).
 *
 * @param name the grid's name; nodes of two names never meet
 * @param host the address that discovery and communication listen on
 * @param discoveryPort where other nodes find this one
 * @param communicationPort where data flows between nodes
 * @param discovery how nodes find each other
 * @param addresses the static list of discovery addresses, {@code host:port} or {@code
 *     host:port..port}; for DNS the names that stand for the nodes, {@code name:port}
 * @param kubernetes where Kubernetes is asked for them
 * @param failureDetection after which silence the grid goes on without a node
 * @param backups how many further copies of each entry the grid keeps
 * @param regionMb off-heap memory for the grid's data, in MiB
 * @param hot how long after it was collected a post stays in the grid
 */
@ConfigurationProperties("pulsegrid.grid")
public record GridSettings(
    @DefaultValue("pulsegrid") String name,
    @DefaultValue("127.0.0.1") String host,
    @DefaultValue("47500") int discoveryPort,
    @DefaultValue("47100") int communicationPort,
    @DefaultValue("static") Discovery discovery,
    @DefaultValue("127.0.0.1:47500..47509") List<String> addresses,
    @DefaultValue KubernetesSettings kubernetes,
    @DefaultValue("5s") Duration failureDetection,
    @DefaultValue("1") int backups,
    @DefaultValue("1024") int regionMb,
    @DefaultValue("30d") Duration hot) {
  private static final Pattern NAME_AND_PORT = Pattern.compile("[^:\\s]+:\\d{1,5}");
  private static final Pattern LISTED = Pattern.compile("\\S+:\\d{1,5}(\\.\\.\\d{1,5})?");

  /** How nodes find each other. */
  public enum Discovery {
    /** In a list of addresses. */
    STATIC,
    /** Behind names, each of which stands for all of its addresses. */
    DNS,
    /** Among the endpoints of a Kubernetes service. */
    KUBERNETES
  }

  public GridSettings {
    require(!name.isBlank(), "name must not be blank", name);
    require(port(discoveryPort), "discovery-port must be 1 to 65535", discoveryPort);
    require(port(communicationPort), "communication-port must be 1 to 65535", communicationPort);
    require(!addresses.isEmpty(), "addresses must name at least one node", addresses);
    switch (discovery) {
      case STATIC ->
          require(
              addresses.stream().allMatch(LISTED.asMatchPredicate()),
              "addresses must be host:port or host:port..port",
              addresses);
      case DNS ->
          require(
              addresses.stream().allMatch(NAME_AND_PORT.asMatchPredicate()),
              "addresses must be name:port where discovery is dns",
              addresses);
      case KUBERNETES -> {}
    }
    require(
        failureDetection.compareTo(Duration.ofSeconds(1)) >= 0
            && failureDetection.compareTo(Duration.ofMinutes(1)) <= 0,
        "failure-detection must be 1s to 1m",
        failureDetection);
    require(backups >= 0 && backups <= 5, "backups must be 0 to 5", backups);
    require(regionMb >= 64, "region-mb must be at least 64", regionMb);
    require(hot.compareTo(Duration.ofMinutes(1)) >= 0, "hot must be at least 1m", hot);
    addresses = List.copyOf(addresses);
  }

  private static boolean port(int value) {
    return value >= 1 && value <= 65535;
  }

  private static void require(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", was " + value);
    }
  }
}
