package io.pulsegrid.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private final AddressPolicy wary = new AddressPolicy(false, InetAddress::getAllByName);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]"
      })
  void refusesPrivateAddresses(String host) {
    assertThat(wary.refusal(URI.create("http://" + host + "/feed"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"93.184.216.34", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "8.8.8.8"})
  void allowsPublicAddresses(String host) {
    assertThat(wary.refusal(URI.create("https://" + host + "/feed"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/feed",
        "file:///etc/passwd",
        "feed",
        "http:///feed",
        "http://user:secret@example.org/feed",
        "http://example.org:99999/feed"
      })
  void refusesWhatIsNoWebAddressEvenWhereAllIsAllowed(String url) {
    assertThat(new AddressPolicy(true, InetAddress::getAllByName).refusal(URI.create(url)))
        .isPresent();
  }

  @Test
  void refusesANameOfWhichOneAddressIsPrivate() {
    AddressPolicy policy =
        new AddressPolicy(
            false,
            host ->
                new InetAddress[] {
                  InetAddress.getByName("93.184.216.34"), InetAddress.getByName("192.168.0.1")
                });

    assertThat(policy.refusal(URI.create("http://example.org/")))
        .hasValueSatisfying(why -> assertThat(why).contains("192.168.0.1"));
  }

  @Test
  void saysThatAHostIsNotKnown() {
    AddressPolicy policy =
        new AddressPolicy(
            false,
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(policy.refusal(URI.create("http://nowhere.test/")))
        .contains("the host nowhere.test is not known");
  }
}
