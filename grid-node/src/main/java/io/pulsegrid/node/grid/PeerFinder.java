package io.pulsegrid.node.grid;

import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.KubernetesSettings;
import java.net.InetAddress;
import org.apache.ignite.kubernetes.configuration.KubernetesConnectionConfiguration;
import org.apache.ignite.spi.discovery.tcp.ipfinder.TcpDiscoveryIpFinder;
import org.apache.ignite.spi.discovery.tcp.ipfinder.kubernetes.TcpDiscoveryKubernetesIpFinder;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;

/** How a node finds the others, as it is set. */
final class PeerFinder {
  private PeerFinder() {}

  static TcpDiscoveryIpFinder of(GridSettings settings) {
    return switch (settings.discovery()) {
      case STATIC -> {
        TcpDiscoveryVmIpFinder finder = new TcpDiscoveryVmIpFinder();
        finder.setAddresses(settings.addresses());
        yield finder;
      }
      case DNS -> new DnsFinder(settings.addresses(), InetAddress::getAllByName);
      case KUBERNETES -> kubernetes(settings.kubernetes(), settings.discoveryPort());
    };
  }

  private static TcpDiscoveryIpFinder kubernetes(KubernetesSettings settings, int port) {
    return new TcpDiscoveryKubernetesIpFinder(
        new KubernetesConnectionConfiguration()
            .setNamespace(settings.namespace())
            .setServiceName(settings.service())
            .setMasterUrl(settings.api())
            .setAccountToken(settings.token())
            .setDiscoveryPort(port)
            // Nodes that start together find each other before any of them is ready.
            .setIncludeNotReadyAddresses(true));
  }
}
