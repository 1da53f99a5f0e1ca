package io.pulsegrid.connectors.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which addresses may be visited: http and https only and, unless private ones are allowed, public
 * hosts only. A name is resolved first and every address behind it must be public; from then on
 * {@link GuardedNames} lets it lead nowhere else, also when the HTTP client resolves it once more
 * as it connects.
 */
public final class AddressPolicy {
  /** How a name becomes addresses; {@code InetAddress::getAllByName} in production. */
  @FunctionalInterface
  public interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** What is to be thought of an address. */
  public sealed interface Verdict {
    /** It may be visited. */
    record Open() implements Verdict {}

    /** It must not be visited, now or later. */
    record Forbidden(String why) implements Verdict {}

    /** Nobody could say just now where it is; a name server that is away says no more than that. */
    record Unresolved(String why) implements Verdict {}
  }

  private final boolean allowPrivate;
  private final Resolver resolver;

  public AddressPolicy(boolean allowPrivate, Resolver resolver) {
    this.allowPrivate = allowPrivate;
    this.resolver = resolver;
  }

  /** Why this address cannot be visited; empty when it can. Resolves the name, so it may wait. */
  public Optional<String> refusal(URI url) {
    return switch (judge(url)) {
      case Verdict.Open _ -> Optional.empty();
      case Verdict.Forbidden(String why) -> Optional.of(why);
      case Verdict.Unresolved(String why) -> Optional.of(why);
    };
  }

  /** Tells what must not be visited from what cannot be found. Resolves the name: it may wait. */
  public Verdict judge(URI url) {
    Optional<String> form = malformed(url);
    if (form.isPresent()) {
      return new Verdict.Forbidden(form.get());
    }
    if (allowPrivate) {
      return new Verdict.Open();
    }
    String host = url.getHost();
    try {
      for (InetAddress address : resolver.resolve(host)) {
        if (!isPublic(address)) {
          return new Verdict.Forbidden(
              host
                  + " is at the private address "
                  + address.getHostAddress()
                  + ", and pulsegrid.net.allow-private is false");
        }
      }
      GuardedNames.guard(host);
      return new Verdict.Open();
    } catch (UnknownHostException unknown) {
      return new Verdict.Unresolved("the host " + host + " is not known");
    }
  }

  private static Optional<String> malformed(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.of("must start with http:// or https://");
    }
    if (url.getHost() == null) {
      return Optional.of("must name a host");
    }
    if (url.getUserInfo() != null) {
      return Optional.of("must not carry a user or password");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      return Optional.of("must name a port from 1 to 65535");
    }
    return Optional.empty();
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPublicV4(bytes);
      case Inet6Address _ -> isPublicV6(bytes);
      default -> false;
    };
  }

  private static boolean isPublicV4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean sharedByCarriers = first == 100 && second >= 64 && second <= 127;
    boolean protocolAssignments = first == 192 && second == 0 && bytes[2] == 0;
    boolean benchmarks = first == 198 && (second == 18 || second == 19);
    return first != 0 && first < 240 && !sharedByCarriers && !protocolAssignments && !benchmarks;
  }

  private static boolean isPublicV6(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if ((first & 0xfe) == 0xfc) { // unique local
      return false;
    }
    if (first == 0x20 && second == 0x02) { // 6to4 carries an IPv4 address
      return embedded(bytes, 2);
    }
    boolean nat64 = first == 0 && second == 0x64 && bytes[2] == (byte) 0xff;
    boolean compatible = true;
    for (int i = 0; i < 12; i++) {
      compatible &= bytes[i] == 0;
    }
    return !(nat64 || compatible) || embedded(bytes, 12);
  }

  private static boolean embedded(byte[] bytes, int offset) {
    try {
      return isPublic(InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4)));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four bytes are an address", impossible);
    }
  }
}
