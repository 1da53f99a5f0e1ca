package io.pulsegrid.node.webhooks;

import io.pulsegrid.api.telling.EventBody;
import io.pulsegrid.connectors.http.AddressPolicy;
import io.pulsegrid.connectors.webhook.WebhookCaller;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Webhook;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.WebhookSettings;
import io.pulsegrid.node.store.TestLedger;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.telling.StoredWebhooks;
import io.pulsegrid.node.store.telling.WebhookQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks on a PostgreSQL of their own, with as many nodes that tell as a test wants. */
public final class WebhookFixture implements AutoCloseable {
  public static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  public static final WorkspaceId OTHER = new WorkspaceId("other");

  /** Short pauses and three tries. */
  static final WebhookSettings SETTINGS =
      new WebhookSettings(
          Duration.ofSeconds(5),
          3,
          Duration.ofMillis(100),
          Duration.ofMillis(400),
          Duration.ofDays(7));

  final TestStore store;
  final CredentialCipher cipher = cipher();
  final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  final WebhookQueue queue;
  private final IdSource ids = () -> UUID.randomUUID().toString();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final List<WebhookTeller> tellers = new ArrayList<>();
  private final TestLedger ledger;

  public WebhookFixture(TestStore store) {
    this.store = store;
    queue = new WebhookQueue(store.jdbc(), cipher);
    ledger = new TestLedger(store);
    store.jdbc().sql("INSERT INTO workspace (id) VALUES ('other') ON CONFLICT DO NOTHING").update();
  }

  /** For those who look at the tables themselves. */
  public JdbcClient store() {
    return store.jdbc();
  }

  /** A node that tells, started. */
  public WebhookTeller node() {
    return node(store.source(), SETTINGS);
  }

  WebhookTeller node(DataSource source, WebhookSettings settings) {
    return node(source, settings, policy(true));
  }

  WebhookTeller node(DataSource source, WebhookSettings settings, AddressPolicy addresses) {
    WebhookTeller teller =
        new WebhookTeller(
            new WebhookQueue(JdbcClient.create(source), cipher),
            new WebhookCaller(http, addresses, InstantSource.system()),
            new EventBody(JsonMapper.shared())::of,
            settings,
            new WebhookTeller.Given(
                new Clocks(System::nanoTime, InstantSource.system()), ids, new Random(5), calls));
    tellers.add(teller);
    teller.start(Thread.ofPlatform().daemon().factory());
    return teller;
  }

  static AddressPolicy policy(boolean allowPrivate) {
    return new AddressPolicy(allowPrivate, InetAddress::getAllByName);
  }

  public StoredWebhooks webhooks() {
    return webhooks(policy(true));
  }

  StoredWebhooks webhooks(AddressPolicy addresses) {
    return new StoredWebhooks(store.jdbc(), addresses::refusal, cipher, ids, new SecureRandom());
  }

  /** A webhook that is told everything. */
  public Webhook.Made webhook(URI url) {
    return webhooks()
        .create(
            WORKSPACE, new Webhook.Spec(url, Set.of(EventKind.DELIVERY, EventKind.ALERT)), null);
  }

  Webhook now(Webhook.Made made) {
    return webhooks().find(WORKSPACE, made.webhook().id()).orElseThrow();
  }

  /** A delivery of the first workspace, of which nothing is told yet. */
  String delivery() {
    return ledger.delivery("c1", "SCHEDULED");
  }

  /** Moves a delivery on and tells it in one transaction, as the ledger does; the event's id. */
  String tell(String delivery, String state) {
    return tell(delivery, state, WORKSPACE);
  }

  String tell(String delivery, String state, WorkspaceId workspace) {
    String event = ids.next();
    store
        .transaction()
        .executeWithoutResult(
            _ -> {
              store
                  .jdbc()
                  .sql(
                      "UPDATE delivery SET state = ?, fence = fence + 1, workspace = ? WHERE id = ?")
                  .params(state, workspace.value(), delivery)
                  .update();
              store
                  .jdbc()
                  .sql(
                      """
                      INSERT INTO outbox (id, workspace, subject, payload)
                      SELECT ?, d.workspace, 'delivery', delivery_event(d) FROM delivery d
                      WHERE d.id = ?
                      """)
                  .params(event, delivery)
                  .update();
            });
    return event;
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

  @Override
  public void close() {
    tellers.forEach(WebhookTeller::stop);
    calls.shutdownNow();
    http.close();
  }
}
