package io.pulsegrid.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuardedNamesTest {
  private static final LookupPolicy BOTH =
      LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST);

  /** A name server that changes its mind. */
  private static final class Turncoat implements InetAddressResolver {
    String answer = "93.184.216.34";

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      return Stream.of(InetAddress.getByName(answer));
    }

    @Override
    public String lookupByAddress(byte[] address) {
      return "named";
    }
  }

  private final Turncoat server = new Turncoat();
  private final InetAddressResolver guarding = new GuardedNames.Guarding(server);
  private final AddressPolicy policy =
      new AddressPolicy(
          false, host -> guarding.lookupByName(host, BOTH).toArray(InetAddress[]::new));

  @Test
  void aNameThatWasPublicLeadsToNoPrivateAddressAfterwards() throws Exception {
    assertThat(policy.refusal(URI.create("http://Turncoat.test/feed"))).isEmpty();
    assertThat(guarding.lookupByName("turncoat.test", BOTH)).hasSize(1);

    server.answer = "169.254.169.254";

    assertThatThrownBy(() -> guarding.lookupByName("turncoat.test", BOTH))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("private address");
    assertThat(policy.refusal(URI.create("http://turncoat.test/feed"))).isPresent();
  }

  @Test
  void aNameThatWasNeverFoundPublicResolvesAsEver() throws Exception {
    server.answer = "10.0.0.7";

    assertThat(policy.refusal(URI.create("http://database.test/"))).isPresent();
    assertThat(guarding.lookupByName("database.test", BOTH))
        .containsExactly(InetAddress.getByName("10.0.0.7"));
    assertThat(guarding.lookupByAddress(new byte[4])).isEqualTo("named");
  }

  @Test
  void theJvmResolvesThroughIt() {
    assertThat(ServiceLoader.load(InetAddressResolverProvider.class))
        .hasOnlyElementsOfType(GuardedNames.class)
        .hasSize(1);
  }
}
