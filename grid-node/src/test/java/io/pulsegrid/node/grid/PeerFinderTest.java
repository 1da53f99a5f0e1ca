package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pulsegrid.node.config.GridSettings;
import io.pulsegrid.node.config.GridSettings.Discovery;
import io.pulsegrid.node.config.KubernetesSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.ignite.spi.IgniteSpiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerFinderTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;

  @Test
  void takesTheListAsItStands() {
    assertThat(
            PeerFinder.of(settings(Discovery.STATIC, "127.0.0.2:47500", "127.0.0.3:47500..47501"))
                .getRegisteredAddresses())
        .containsExactlyInAnyOrder(
            new InetSocketAddress("127.0.0.2", 47500),
            new InetSocketAddress("127.0.0.3", 47500),
            new InetSocketAddress("127.0.0.3", 47501));
  }

  @Test
  void takesAllAddressesOfANameAnewEachTime() {
    Map<String, List<String>> zone =
        Map.of("peers", new ArrayList<>(List.of("10.0.0.1", "10.0.0.2")));
    var finder = new DnsFinder(List.of("peers:47500", "unknown:1"), name -> lookUp(zone, name));
    assertThat(finder.getRegisteredAddresses())
        .containsExactly(
            new InetSocketAddress("10.0.0.1", 47500), new InetSocketAddress("10.0.0.2", 47500));

    zone.getOrDefault("peers", List.of()).add("10.0.0.3");
    assertThat(finder.getRegisteredAddresses())
        .contains(new InetSocketAddress("10.0.0.3", 47500))
        .hasSize(3);
  }

  @Test
  void waitsForANameThatNobodyKnowsYet() {
    var finder = new DnsFinder(List.of("peers:47500"), name -> lookUp(Map.of(), name));
    assertThatThrownBy(finder::getRegisteredAddresses)
        .isInstanceOf(IgniteSpiException.class)
        .hasMessageContaining("peers");
    assertThat(finder.isShared()).isFalse();
  }

  @Test
  void resolvesRealNames() {
    assertThat(PeerFinder.of(settings(Discovery.DNS, "localhost:47500")).getRegisteredAddresses())
        .contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 47500));
  }

  @Test
  void asksKubernetesForEveryEndpointReadyOrNot() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpsServer api = api(asked);
    api.start();
    try {
      Path token = Files.writeString(directory.resolve("token"), "t-1");
      var settings =
          settings(
              Discovery.KUBERNETES,
              new KubernetesSettings(
                  "space",
                  "nodes",
                  "https://127.0.0.1:" + api.getAddress().getPort(),
                  token.toString()),
              "127.0.0.1:1");
      assertThat(PeerFinder.of(settings).getRegisteredAddresses())
          .containsExactlyInAnyOrder(
              new InetSocketAddress("10.1.0.1", 47500), new InetSocketAddress("10.1.0.2", 47500));
      assertThat(asked).containsExactly("Bearer t-1 /api/v1/namespaces/space/endpoints/nodes");
    } finally {
      api.stop(0);
    }
  }

  private HttpsServer api(List<String> asked)
      throws IOException, GeneralSecurityException, InterruptedException {
    HttpsServer api =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setHttpsConfigurator(new HttpsConfigurator(ownCertificate()));
    api.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestURI());
          byte[] body =
              """
              {"subsets":[{"addresses":[{"ip":"10.1.0.1"}],"notReadyAddresses":[{"ip":"10.1.0.2"}]}]}
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    return api;
  }

  private SSLContext ownCertificate()
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = directory.resolve("api.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "api",
                "-dname",
                "CN=localhost",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                String.valueOf(PASSWORD))
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(KeyStore.getInstance(store.toFile(), PASSWORD), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static InetAddress[] lookUp(Map<String, List<String>> zone, String name)
      throws UnknownHostException {
    List<String> addresses = zone.getOrDefault(name, List.of());
    if (addresses.isEmpty()) {
      throw new UnknownHostException(name);
    }
    List<InetAddress> found = new ArrayList<>();
    for (String address : addresses) {
      found.add(InetAddress.getByName(address));
    }
    return found.toArray(InetAddress[]::new);
  }

  private static GridSettings settings(Discovery discovery, String... addresses) {
    return settings(
        discovery, new KubernetesSettings("n", "s", "https://localhost", "token"), addresses);
  }

  private static GridSettings settings(
      Discovery discovery, KubernetesSettings kubernetes, String... addresses) {
    return new GridSettings(
        "test",
        "127.0.0.1",
        47500,
        47100,
        discovery,
        List.of(addresses),
        kubernetes,
        Duration.ofSeconds(5),
        1,
        128,
        Duration.ofDays(30));
  }
}
