package io.pulsegrid.node.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * The rule for every port of the grid's own: on loopback, or behind certificates of both sides.
 * Whoever reaches one without could otherwise speak to the grid as a node does.
 */
public final class OpenPorts {
  private OpenPorts() {}

  /**
   * Looks at where a node would listen.
   *
   * @throws SettingRefused naming the first key that breaks the rule
   */
  public static void check(GridSettings grid, ClientSettings client, TlsSettings tls) {
    if (tls.isOn()) {
      return;
    }
    var hosts = Map.of("pulsegrid.grid.host", grid.host(), "pulsegrid.client.host", client.host());
    for (String key : hosts.keySet().stream().sorted().toList()) {
      if (!isLoopback(String.valueOf(hosts.get(key)))) {
        throw new SettingRefused(
            key
                + " "
                + hosts.get(key)
                + " is open to other machines, which takes certificates: set pulsegrid.tls.key-store"
                + " and trust-store with their passwords, or keep to 127.0.0.1");
      }
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
