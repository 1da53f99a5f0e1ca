package io.pulsegrid.node.grid;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.ignite.spi.IgniteSpiException;
import org.apache.ignite.spi.discovery.tcp.ipfinder.TcpDiscoveryIpFinderAdapter;

/**
 * Finds the other nodes behind names, each of which stands for all of its addresses and is looked
 * up anew whenever a node looks for others. Ignite's own takes one address of a name. A node that
 * does not find itself there waits: it begins no grid that the others would not find.
 */
final class DnsFinder extends TcpDiscoveryIpFinderAdapter {
  private final List<InetSocketAddress> names;
  private final Resolver resolver;

  /** Asks for the addresses of a name. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] addressesOf(String name) throws UnknownHostException;
  }

  /**
   * @param names each {@code name:port}
   */
  DnsFinder(List<String> names, Resolver resolver) {
    this.names = names.stream().map(DnsFinder::unresolved).toList();
    this.resolver = resolver;
  }

  @Override
  public Collection<InetSocketAddress> getRegisteredAddresses() {
    List<InetSocketAddress> found = new ArrayList<>();
    UnknownHostException unknown = null;
    for (InetSocketAddress name : names) {
      try {
        for (InetAddress address : resolver.addressesOf(name.getHostString())) {
          found.add(new InetSocketAddress(address, name.getPort()));
        }
      } catch (UnknownHostException e) {
        unknown = e;
      }
    }
    if (found.isEmpty()) {
      // Ignite asks again every two seconds.
      throw new IgniteSpiException("none of the names " + names + " is known yet", unknown);
    }
    return found;
  }

  @Override
  public void registerAddresses(Collection<InetSocketAddress> addresses) {
    // The names are kept by whoever runs the DNS.
  }

  @Override
  public void unregisterAddresses(Collection<InetSocketAddress> addresses) {
    // As above.
  }

  private static InetSocketAddress unresolved(String name) {
    int colon = name.lastIndexOf(':');
    return InetSocketAddress.createUnresolved(
        name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
  }
}
