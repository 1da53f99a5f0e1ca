package io.pulsegrid.node.grid.security;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.ignite.Ignite;
import org.apache.ignite.internal.IgniteEx;
import org.jspecify.annotations.Nullable;

/** Where a program is that calls a service just now. */
public final class ProgramOrigin {
  /** Of a call that came by way of another node, which alone knows. */
  private static final String ELSEWHERE = "program";

  private ProgramOrigin() {}

  /** Its address; to be asked on the thread that Ignite calls the service on. */
  public static String current(Ignite ignite) {
    // That thread acts in the name of the program until the call is over.
    @Nullable InetSocketAddress from =
        ((IgniteEx) ignite).context().security().securityContext().subject().address();
    @Nullable InetAddress address = from == null ? null : from.getAddress();
    return address == null ? ELSEWHERE : address.getHostAddress();
  }
}
