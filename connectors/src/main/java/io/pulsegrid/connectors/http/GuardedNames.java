package io.pulsegrid.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The JDK's name resolution, with a guard: a name that {@link AddressPolicy} found to be public
 * never leads this process to a private address afterwards.
 *
 * <p>The HTTP client resolves a name once more when it connects, and whoever owns the name may
 * answer otherwise by then. The client cannot be told which address to take, so the answer itself
 * is judged, below every cache. Names that no policy judged resolve as ever: a database may well
 * have a private address. The names are this process's, like the resolver, hence static.
 */
public final class GuardedNames extends InetAddressResolverProvider {
  private static final int MOST_NAMES = 10_000;

  /** The names last found public; the one longest ago makes room. */
  private static final Set<String> GUARDED =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > MOST_NAMES;
                }
              }));

  /** Lets a name lead to public addresses only from now on. */
  static void guard(String host) {
    boolean _ = GUARDED.add(host.toLowerCase(Locale.ROOT));
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return new Guarding(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "pulsegrid";
  }

  /** A resolver that answers for guarded names with public addresses or not at all. */
  record Guarding(InetAddressResolver resolver) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      List<InetAddress> found = resolver.lookupByName(host, policy).toList();
      if (GUARDED.contains(host.toLowerCase(Locale.ROOT))
          && !found.stream().allMatch(AddressPolicy::isPublic)) {
        throw new UnknownHostException(
            host + ": was public when it was checked, and is at a private address now");
      }
      return found.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return resolver.lookupByAddress(address);
    }
  }
}
