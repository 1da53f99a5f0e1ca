package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.publish.Connectors;
import io.pulsegrid.connectors.publish.Outside;
import io.pulsegrid.core.limit.CustomLimits;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.access.ChannelRules;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.config.PublishingSettings;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.limits.GridCustomLimits;
import io.pulsegrid.node.limits.GridLimits;
import io.pulsegrid.node.limits.GridPermits;
import io.pulsegrid.node.limits.LimitRules;
import io.pulsegrid.node.limits.NearLimits;
import io.pulsegrid.node.limits.PermitNumbers;
import io.pulsegrid.node.limits.ScopeCache;
import io.pulsegrid.node.store.channels.StoredAccounts;
import io.pulsegrid.node.store.channels.StoredChannels;
import io.pulsegrid.node.store.ledger.ArmStore.Wish;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.limits.StoredCustomRules;
import io.pulsegrid.node.store.limits.StoredLimitHistory;
import io.pulsegrid.sim.Sim;
import io.pulsegrid.sim.SimOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.apache.ignite.Ignite;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole publishing engines on a real grid and PostgreSQL, against the stand-in platform. */
final class EngineFixture implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(4);
  static final Duration SLACK = Duration.ofSeconds(5);

  static final Duration CATCH_UP = Duration.ofSeconds(2);

  private static final PublishingSettings SETTINGS =
      new PublishingSettings(
          4,
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofHours(24),
          SLACK,
          Duration.ofMillis(500),
          Duration.ofHours(48),
          Duration.ofMinutes(5),
          CATCH_UP);

  final LedgerFixture base = new LedgerFixture(SLACK);
  final Sim sim = Sim.start(SimOptions.local(0));
  final GridFixture grid;
  final List<PublishingEngine> engines = new ArrayList<>();
  final ConcurrentLinkedQueue<Delivery> told = new ConcurrentLinkedQueue<>();
  final AtomicBoolean clockTrusted = new AtomicBoolean(true);
  final List<LimitRules> rules = new ArrayList<>();
  private @Nullable CustomLimits customLimits;
  private @Nullable Limits seenLimits;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  volatile int concurrency = 8;
  volatile Duration timeout = TIMEOUT;
  volatile Map<String, List<WindowRule>> limits = Map.of();
  private volatile Map<String, List<WindowRule>> appLimits = Map.of();

  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final CredentialCipher cipher = cipher();
  final StoredChannels channels;
  final Connectors connectors =
      new Connectors(
          new Outside(
              http,
              new AddressPolicy(true, InetAddress::getAllByName),
              InstantSource.system(),
              _ -> {},
              _ -> OptionalInt.empty()));

  /** A grid with an engine on each node. */
  EngineFixture(int nodes) {
    this(nodes, nodes);
  }

  /** A grid with an engine on each of its first nodes. */
  EngineFixture(int nodes, int withEngine) {
    grid = GridFixture.of(nodes);
    channels = storedChannels();
    for (int i = 0; i < withEngine; i++) {
      engine(i, new Stumble(Stumble.Step.NEVER), null);
    }
  }

  EngineFixture start() {
    engines.forEach(engine -> engine.start(Thread.ofPlatform().daemon().factory()));
    return this;
  }

  Publishing publishing() {
    return engines.getFirst().publishing();
  }

  /**
   * One more engine, not started yet.
   *
   * @param only the one channel that it may publish on; null for any
   */
  PublishingEngine engine(int node, Stumble stumble, @Nullable String only) {
    Ignite ignite = grid.node(node);
    StoredLimitHistory history = new StoredLimitHistory(JdbcClient.create(base.database));
    SecureRandom random = new SecureRandom();
    ScopeCache scopes = ScopeCache.open(ignite, 1, history);
    LimitRules limitRules =
        new LimitRules(this::platforms, new StoredCustomRules(JdbcClient.create(base.database)));
    rules.add(limitRules);
    NearLimits near = new NearLimits(registry, InstantSource.system());
    PermitNumbers numbers = new PermitNumbers(random);
    GridPermits permits = new GridPermits(scopes, limitRules, history, numbers, near);
    GridLimits seen =
        new GridLimits(
            scopes,
            limitRules,
            history,
            channels,
            new GridLimits.Given(InstantSource.system(), base.ids, numbers, near));
    seenLimits = seen;
    customLimits = new GridCustomLimits(seen, limitRules, scopes, history, InstantSource.system());
    PublishingEngine engine =
        new PublishingEngine(
            new PublishingEngine.Neighbours(
                ledger(stumble),
                new PublishingEngine.WaitingCopy(ignite, 1),
                channels,
                new StoredAccounts(JdbcClient.create(base.database), cipher),
                stumble.permits(permits, only),
                seen,
                (_, subject) -> {
                  if (subject instanceof Event.Subject.OfDelivery(Delivery delivery)) {
                    told.add(delivery);
                  }
                }),
            new PublishingEngine.Surroundings(
                InstantSource.system(),
                clockTrusted::get,
                new Clocks(System::nanoTime, InstantSource.system()),
                random,
                base.ids,
                calls,
                ProcessName.own("node-" + engines.size())),
            SETTINGS,
            this::platforms,
            connectors.all().stream().map(stumble::calls).toList(),
            registry);
    limitRules.onChange(engine::limitsChanged);
    engines.add(engine);
    return engine;
  }

  private Ledger ledger(Stumble stumble) {
    if (stumble.step() == Stumble.Step.NEVER) {
      return base.ledger;
    }
    DataSource store = stumble.store(base.database);
    return Ledger.of(
        stumble.statements(store),
        new TransactionTemplate(new JdbcTransactionManager(store)),
        SLACK);
  }

  /** What renews tokens, over a store of its own; nothing runs by itself. */
  Renewals renewals(JdbcOperations store) {
    return new Renewals(
        Ledger.of(store, base.transactions, SLACK).renewals(),
        channels,
        connectors.all().stream()
            .collect(Collectors.toMap(Publisher::platform, Function.identity())),
        InstantSource.system(),
        new Clocks(System::nanoTime, InstantSource.system()));
  }

  private PlatformSettings platforms() {
    return new PlatformSettings(
        Map.of("mastodon", new PlatformSettings.Platform(limits, appLimits, concurrency, timeout)));
  }

  private static CredentialCipher cipher() {
    SecureRandom random = new SecureRandom();
    try {
      Path data = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "keys");
      return new CredentialCipher(
          CredentialKey.readOrCreate(CredentialKey.fileIn(data), random), random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StoredChannels storedChannels() {
    return new StoredChannels(
        JdbcClient.create(base.database),
        base.transactions,
        new ChannelRules(
            connectors.all(),
            _ -> java.util.Optional.empty(),
            new Clocks(System::nanoTime, InstantSource.system())),
        cipher,
        base.ids);
  }

  /** What people say of limits, to the node that was made last. */
  CustomLimits customLimits() {
    return Objects.requireNonNull(customLimits);
  }

  Limits limits() {
    return Objects.requireNonNull(seenLimits);
  }

  String channel(String token) {
    return channel(token, URI.create("http://127.0.0.1:" + sim.port() + "/mastodon"));
  }

  String channel(String token, URI baseUrl) {
    return channel(
        new Channel.Spec("mastodon", "@me", baseUrl, ZoneId.of("UTC"), List.of()),
        Map.of("accessToken", token));
  }

  String channel(Channel.Spec spec, Map<String, String> credentials) {
    return channels
        .create(
            LedgerFixture.WORKSPACE,
            new Channels.Checked(
                spec, new Channel.Credentials(credentials), new Identity.Unknown("not asked")),
            false)
        .id();
  }

  /** What a channel's calls are made with now. */
  Channel.Credentials credentials(String channel) {
    return Objects.requireNonNull(channels.unlock(List.of(channel)).get(channel)).credentials();
  }

  /** As a person gives new ones. */
  void credentials(String channel, Channel.Credentials credentials) {
    update(channel, Function.identity(), credentials, null);
  }

  /** As a person changes a channel. */
  void update(
      String channel,
      Function<Channel.Spec, Channel.Spec> change,
      Channel.@Nullable Credentials credentials,
      @Nullable Boolean paused) {
    Channel.Spec spec = channels.find(LedgerFixture.WORKSPACE, channel).orElseThrow().spec();
    var _ =
        channels.update(
            LedgerFixture.WORKSPACE,
            channel,
            change.apply(spec),
            credentials,
            paused,
            OptionalLong.empty());
  }

  boolean paused(String channel) {
    return channels.find(LedgerFixture.WORKSPACE, channel).orElseThrow().paused();
  }

  Delivery publish(String channel, String text) {
    ScheduledPost.Draft draft = LedgerFixture.draft(text, new When.Now(), channel);
    return publishing().schedule(LedgerFixture.WORKSPACE, draft).deliveries().getFirst();
  }

  /** Waits until a delivery has come to a state; failing, tells its story. */
  void awaitState(Delivery delivery, DeliveryState state, Duration patience) {
    await()
        .atMost(patience)
        .untilAsserted(
            () -> assertThat(state(delivery)).as("%s", story(delivery)).isEqualTo(state));
  }

  DeliveryState state(Delivery delivery) {
    return base.state(delivery);
  }

  List<String> story(Delivery delivery) {
    return base.publishing.attempts(LedgerFixture.WORKSPACE, delivery.id()).stream()
        .map(attempt -> attempt.outcome())
        .toList();
  }

  String keyOf(Delivery delivery) {
    return String.valueOf(
        base.jdbc.queryForObject(
            "SELECT idempotency_key FROM delivery WHERE id = ?", String.class, delivery.id()));
  }

  /** Limits that the platform enforces and this side knows. */
  void limit(int limit, Duration window) {
    limits = Map.of("publish", List.of(new WindowRule(limit, window)));
    send(
        "PUT",
        "/sim/limits",
        "{\"mastodon\":{\"limit\":%d,\"windowSeconds\":%d}}".formatted(limit, window.toSeconds()));
  }

  /** The same, of all accounts together. */
  void appLimit(int limit, Duration window) {
    appLimits = Map.of("publish", List.of(new WindowRule(limit, window)));
    send(
        "PUT",
        "/sim/limits",
        "{\"mastodon\":{\"limit\":%d,\"windowSeconds\":%d,\"shared\":true}}"
            .formatted(limit, window.toSeconds()));
  }

  /** How often the platform counted more than its limit. */
  List<JsonNode> violations() {
    JsonNode items = JsonMapper.shared().readTree(send("GET", "/sim/violations", "")).path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  /** What reached the platform. */
  List<JsonNode> arrived() {
    JsonNode items = JsonMapper.shared().readTree(send("GET", "/sim/ledger", "")).path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  void fault(String kind, int count, String more) {
    fault("mastodon", kind, count, more);
  }

  void fault(String platform, String kind, int count, String more) {
    faultAt(platform, "publish", kind, count, more);
  }

  void faultAt(String platform, String op, String kind, int count, String more) {
    String fault =
        "[{\"platform\":\"%s\",\"op\":\"%s\",\"kind\":\"%s\",\"count\":%d%s}]"
            .formatted(platform, op, kind, count, more);
    send("POST", "/sim/faults", fault);
  }

  void noFaults() {
    send("DELETE", "/sim/faults", "");
  }

  /** Arms them as a process did that is dead. */
  void armByTheDead(List<Delivery> deliveries) {
    String own = ProcessName.own("node-x").value();
    // The same machine, a process id that is no process.
    String dead = own.replaceFirst(" \\d+ \\d+$", " 4194305 1");
    List<Wish> wishes =
        deliveries.stream()
            .map(
                one ->
                    new Wish(
                        one.id(), one.fence(), TIMEOUT, LedgerFixture.LONG_YET, base.ids.next()))
            .toList();
    if (base.ledger.arms().arm(wishes, base.ids.next(), dead).size() < deliveries.size()) {
      throw new IllegalStateException("not armed");
    }
  }

  /** A status that somebody else's call created, under a key. */
  void createAtPlatform(String token, String text, String key) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + sim.port() + "/mastodon/api/v1/statuses"))
            .header("Authorization", "Bearer " + token)
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("status=" + text))
            .build();
    send(request);
  }

  private String send(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sim.port() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build());
  }

  private String send(HttpRequest request) {
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    // Together: the engine of a node that is gone waits in vain for how its calls ended.
    try (ExecutorService stopping = Executors.newVirtualThreadPerTaskExecutor()) {
      engines.forEach(engine -> stopping.execute(engine::stop));
    }
    calls.shutdownNow();
    grid.close();
    sim.close();
    http.close();
  }
}
