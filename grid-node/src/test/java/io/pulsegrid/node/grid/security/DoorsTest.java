package io.pulsegrid.node.grid.security;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.ignite.spi.communication.tcp.messages.HandshakeMessage2.HANDSHAKE2_MESSAGE_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.node.config.ClientSettings;
import io.pulsegrid.node.config.TlsSettings;
import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.Doors;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.GridPlugin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.Ignition;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.cache.query.ScanQuery;
import org.apache.ignite.cache.query.SqlFieldsQuery;
import org.apache.ignite.client.ClientAuthenticationException;
import org.apache.ignite.client.ClientCollectionConfiguration;
import org.apache.ignite.client.ClientException;
import org.apache.ignite.client.IgniteClient;
import org.apache.ignite.client.SslMode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.cluster.ClusterState;
import org.apache.ignite.configuration.ClientConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.internal.IgniteEx;
import org.apache.ignite.internal.management.SystemViewCommandArg;
import org.apache.ignite.internal.management.SystemViewTask;
import org.apache.ignite.internal.management.SystemViewTaskResult;
import org.apache.ignite.internal.processors.cache.GridCacheUtils;
import org.apache.ignite.internal.util.IgniteUtils;
import org.apache.ignite.internal.visor.VisorTaskArgument;
import org.apache.ignite.internal.visor.VisorTaskResult;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.communication.tcp.messages.HandshakeMessage2;
import org.apache.ignite.spi.communication.tcp.messages.NodeIdMessage;
import org.apache.ignite.spi.communication.tcp.messages.RecoveryLastReceivedMessage;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every door of a node, tried with no key, a wrong one, and ones of too little scope. */
class DoorsTest {
  private static final String SERVICE = "echo";

  /** What TLS says, in so many bytes, to somebody who does not speak it. */
  private static final int TLS_ALERT = 7;

  private static final Map<String, String> OURS =
      Map.of(
          GridPlugin.NAME_ATTRIBUTE, "g",
          GridPlugin.STORE_ATTRIBUTE, "s",
          GridPlugin.KEY_ATTRIBUTE, "k");

  @TempDir private static Path directory;
  private static final FewKeys KEYS = new FewKeys();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static GridFixture grid;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static TlsSettings nodes;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static TlsSettings stranger;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static TlsSettings program;

  private static int port;

  /** What a program might try. */
  private interface Attempt {
    void make(IgniteClient client);
  }

  @BeforeAll
  static void open() throws IOException, InterruptedException, GeneralSecurityException {
    Path node = Certificates.make(directory, "node", 90, "eku=serverAuth,clientAuth");
    Path newsletter = Certificates.make(directory, "newsletter", 90, "eku=clientAuth");
    Path trusted = Certificates.trusting(directory, node, newsletter);
    nodes = showing(node, trusted);
    program = showing(newsletter, trusted);
    stranger = showing(Certificates.make(directory, "stranger"), trusted);
    port = freePort();
    grid = GridFixture.roomFor(5);
    Ignite first = grid.start(OURS, configuration -> guard(configuration, port, "secret"));
    first.services().deployNodeSingleton(SERVICE, new Echo());
    first.services().deployNodeSingleton("another", new Echo());
    // On every node, whole: the nodes that come and go here are killed, with what they hold.
    first.getOrCreateCache(CacheShapes.<Integer, String>replicated("posts")).put(1, "kept");
  }

  private static TlsSettings showing(Path own, Path trusted) {
    return new TlsSettings(own, Certificates.PASSWORD, trusted, Certificates.PASSWORD);
  }

  private static void guard(IgniteConfiguration configuration, int clientPort, String secret) {
    guard(configuration, new ClientSettings("127.0.0.1", clientPort), secret);
  }

  private static void guard(
      IgniteConfiguration configuration, ClientSettings programs, String secret) {
    Doors.open(configuration, programs, nodes, new SecurityPlugin(KEYS, SERVICE, secret));
  }

  @AfterAll
  static void close() {
    grid.close();
  }

  @Test
  void letsEveryLiveKeyCallOurServiceAndNoOther() {
    for (String key : new String[] {"pg_read", "pg_write", "pg_admin", "pg_other"}) {
      try (IgniteClient client = client(key, nodes)) {
        assertThat(service(client, SERVICE).call(new byte[] {7})).containsExactly(7);
        assertThatThrownBy(() -> service(client, "another").call(new byte[] {7}))
            .isInstanceOf(ClientException.class);
      }
    }
  }

  @Test
  void tellsAServiceWhereAProgramIs() {
    try (IgniteClient client = client("pg_read", nodes)) {
      assertThat(service(client, SERVICE).from()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void listensOnEveryAddressWhereItIsTold() {
    var everywhere = new ClientSettings("0.0.0.0", freePort());
    Ignite second = grid.start(OURS, configuration -> guard(configuration, everywhere, "secret"));
    // From the second call on it goes by the addresses that the nodes tell, those of the grid.
    try (IgniteClient client = client("pg_read", nodes, "127.0.0.2:" + everywhere.port())) {
      assertThat(service(client, SERVICE).call(new byte[] {7})).containsExactly(7);
      assertThat(service(client, SERVICE).call(new byte[] {8})).containsExactly(8);
    } finally {
      grid.kill(second);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_read", "pg_write", "pg_admin", "pg_other"})
  void keepsTheDataFromEveryKey(String key) {
    try (IgniteClient client = client(key, nodes)) {
      Map<String, Attempt> attempts = new LinkedHashMap<>();
      attempts.put("get", it -> it.cache("posts").get(1));
      attempts.put("put", it -> it.cache("posts").put(1, "stolen"));
      attempts.put("remove", it -> it.cache("posts").remove(1));
      attempts.put("clear", it -> it.cache("posts").clear());
      attempts.put("scan", it -> it.cache("posts").query(new ScanQuery<>()).getAll());
      attempts.put("create", it -> it.createCache("mine"));
      attempts.put("destroy", it -> it.destroyCache("posts"));
      attempts.put("set", it -> it.set("mine", new ClientCollectionConfiguration()).add(1));
      attempts.put("make a set", it -> it.set("mine", new ClientCollectionConfiguration()));
      attempts.put("atomic", it -> it.atomicLong("mine", 1, true).incrementAndGet());
      attempts.put("make an atomic", it -> it.atomicLong("mine", 1, true));
      attempts.put("task", DoorsTest::task);
      attempts.put(
          "define",
          it ->
              it.query(new SqlFieldsQuery("CREATE TABLE t (id INT PRIMARY KEY, v INT)")).getAll());
      attempts.put(
          "nodes by SQL",
          it -> it.query(new SqlFieldsQuery("SELECT * FROM SYS.NODE_ATTRIBUTES")).getAll());
      attempts.forEach(
          (what, attempt) ->
              assertThatThrownBy(() -> attempt.make(client))
                  .as(key + ": " + what)
                  .isInstanceOf(ClientException.class));
    }
    assertThat(grid.node(0).cache("posts").get(1)).isEqualTo("kept");
    assertThat(((IgniteEx) grid.node(0)).context().cache().cacheDescriptors())
        .containsOnlyKeys(GridCacheUtils.UTILITY_CACHE_NAME, "posts");
  }

  private static void task(IgniteClient client) {
    try {
      client.compute().execute("java.lang.Runtime", "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_read", "pg_write", "pg_other"})
  void letsOnlyAnAdministratorOfAllAdminister(String key) {
    try (IgniteClient client = client(key, nodes)) {
      assertThatThrownBy(() -> client.binary().builder("mine").setField("text", "").build())
          .isInstanceOf(BinaryObjectException.class)
          .hasMessageContaining("not authorized");
      assertThatThrownBy(() -> client.cluster().state(ClusterState.INACTIVE))
          .isInstanceOf(ClientException.class);
    }
    try (IgniteClient client = client("pg_admin", nodes)) {
      client.cluster().state(ClusterState.ACTIVE_READ_ONLY);
      client.cluster().state(ClusterState.ACTIVE);
    }
    assertThat(grid.node(0).cluster().state()).isEqualTo(ClusterState.ACTIVE);
  }

  @Test
  void knowsNobodyWithoutALiveKey() {
    for (String key : new String[] {"", "pg_wrong"}) {
      assertThatThrownBy(() -> client(key, nodes).close())
          .isInstanceOf(ClientAuthenticationException.class);
    }
    try (IgniteClient client = client("pg_gone", nodes)) {
      KEYS.forget("pg_gone");
      assertThatThrownBy(() -> client.cluster().state(ClusterState.ACTIVE_READ_ONLY))
          .isInstanceOf(ClientException.class);
    }
  }

  @Test
  void shakesHandsWithNobodyWithoutACertificateThatItTrusts() {
    assertThatThrownBy(() -> client("pg_admin", stranger).close())
        .isInstanceOf(ClientException.class);
    ClientConfiguration plain = configuration("pg_admin");
    assertThatThrownBy(() -> Ignition.startClient(plain).close())
        .isInstanceOf(ClientException.class);
  }

  @Test
  void hangsUpOnWhoeverIsNoNodeAtThePortsOfNodes() throws Exception {
    IgniteConfiguration node = grid.node(0).configuration();
    int discovery = ((TcpDiscoverySpi) node.getDiscoverySpi()).getLocalPort();
    int communication = ((TcpCommunicationSpi) node.getCommunicationSpi()).getLocalPort();
    byte[] greeting = greeting();
    for (int door : new int[] {discovery, communication}) {
      for (byte[] said : List.of("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8), greeting)) {
        assertThat(Stranger.told(door, said)).hasSizeLessThanOrEqualTo(TLS_ALERT);
      }
      assertThat(Stranger.told(door, null, greeting)).as("no certificate").isEmpty();
      assertThat(Stranger.told(door, stranger.keyStore(), greeting)).as("a foreign one").isEmpty();
      assertThat(Stranger.told(door, program.keyStore(), greeting)).as("a program's").isEmpty();
    }
    try (IgniteClient client = client("pg_read", program)) {
      assertThat(service(client, SERVICE).call(new byte[] {7})).containsExactly(7);
    }
  }

  @Test
  void tellsANodeOfAnotherGridThatItIsNotKnown() throws Exception {
    IgniteConfiguration node = grid.node(0).configuration();
    int communication = ((TcpCommunicationSpi) node.getCommunicationSpi()).getLocalPort();
    byte[] told = Stranger.told(communication, nodes.keyStore(), greeting());
    assertThat(told)
        .hasSize(NodeIdMessage.MESSAGE_FULL_SIZE + RecoveryLastReceivedMessage.MESSAGE_FULL_SIZE);
    assertThat(ByteBuffer.wrap(told).order(LITTLE_ENDIAN).getLong(told.length - Long.BYTES))
        .isEqualTo(RecoveryLastReceivedMessage.UNKNOWN_NODE);
  }

  /** How a node begins to talk to another; this one is of no grid. */
  private static byte[] greeting() {
    ByteBuffer words =
        ByteBuffer.allocate(IgniteUtils.IGNITE_HEADER.length + HANDSHAKE2_MESSAGE_SIZE)
            .order(LITTLE_ENDIAN)
            .put(IgniteUtils.IGNITE_HEADER);
    assertThat(new HandshakeMessage2(new UUID(7, 7), 1, 0, 0).writeTo(words, null)).isTrue();
    return words.array();
  }

  @Test
  void takesInNoNodeThatCannotProveThatItBelongs() {
    assertThatThrownBy(
            () -> grid.start(OURS, configuration -> guard(configuration, freePort(), "guessed")))
        .isInstanceOf(IgniteException.class)
        .hasStackTraceContaining("uthenticat");
    assertThat(grid.node(0).cluster().forServers().nodes()).hasSize(1);
  }

  @Test
  void takesInANodeThatProvesThatItBelongs() {
    Ignite second = grid.start(OURS, configuration -> guard(configuration, freePort(), "secret"));
    try {
      assertThat(second.cluster().forServers().nodes()).hasSize(2);
      assertThat(second.cache("posts").get(1)).isEqualTo("kept");
      second.compute(second.cluster().forRemotes()).run(new Nothing());
    } finally {
      grid.kill(second);
    }
  }

  @Test
  void letsAnAdministratorAskOtherNodesThanTheOneThatItCallsAndNobodyElse() throws Exception {
    Ignite second = grid.start(OURS, configuration -> guard(configuration, freePort(), "secret"));
    try {
      List<UUID> all = second.cluster().forServers().nodes().stream().map(ClusterNode::id).toList();
      assertThat(namesOfNodes("pg_admin", all).rows()).containsOnlyKeys(all);
      for (String key : new String[] {"pg_read", "pg_write", "pg_other"}) {
        for (List<UUID> some : List.of(all, all.subList(0, 1), all.subList(1, 2))) {
          assertThatThrownBy(() -> namesOfNodes(key, some))
              .as(key)
              .hasStackTraceContaining("may not ADMIN");
        }
      }
    } finally {
      grid.kill(second);
    }
  }

  @Test
  void tellsOtherNodesNothingOfItsEnvironment() {
    assertThat(grid.node(0).cluster().localNode().attributes().keySet())
        .doesNotContain("PATH", "user.home", "java.class.path");
  }

  /** What control's {@code --system-view} asks; an answer comes whatever it is. */
  private static SystemViewTaskResult namesOfNodes(String key, List<UUID> asked) throws Exception {
    var view = new SystemViewCommandArg();
    view.systemViewName("NODES");
    try (IgniteClient client = client(key, nodes)) {
      return client
          .compute()
          .<VisorTaskArgument<SystemViewCommandArg>, VisorTaskResult<SystemViewTaskResult>>
              executeAsync2(
                  SystemViewTask.class.getName(), new VisorTaskArgument<>(asked, view, false))
          .get(60, TimeUnit.SECONDS)
          .result();
    }
  }

  private static Echo.Heard service(IgniteClient client, String name) {
    return client.services().serviceProxy(name, Echo.Heard.class);
  }

  private static ClientConfiguration configuration(String key) {
    return new ClientConfiguration()
        .setAddresses("127.0.0.1:" + port)
        .setTimeout(10_000)
        .setUserName("key")
        .setUserPassword(key);
  }

  private static IgniteClient client(String key, TlsSettings tls) {
    return client(key, tls, "127.0.0.1:" + port);
  }

  private static IgniteClient client(String key, TlsSettings tls, String address) {
    return Ignition.startClient(
        configuration(key)
            .setAddresses(address)
            .setSslMode(SslMode.REQUIRED)
            .setSslClientCertificateKeyStoreType("PKCS12")
            .setSslClientCertificateKeyStorePath(String.valueOf(tls.keyStore()))
            .setSslClientCertificateKeyStorePassword(tls.keyStorePassword())
            .setSslTrustCertificateKeyStoreType("PKCS12")
            .setSslTrustCertificateKeyStorePath(String.valueOf(tls.trustStore()))
            .setSslTrustCertificateKeyStorePassword(tls.trustStorePassword()));
  }

  private static int freePort() {
    return GridFixture.freePorts(1).getFirst();
  }
}
