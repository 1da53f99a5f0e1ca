package io.pulsegrid.node.publish;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryRules;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.ProbePolicy;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.RetryPolicy;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.core.time.When;
import io.pulsegrid.node.store.TestPostgres;
import io.pulsegrid.node.store.ledger.ArmStore.Wish;
import io.pulsegrid.node.store.ledger.CallTimes;
import io.pulsegrid.node.store.ledger.Ledger;
import io.pulsegrid.node.store.ledger.Sendable;
import io.pulsegrid.node.store.ledger.SweepStore.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A ledger on a database of its own, with publishing on top of it and no dispatcher. */
final class LedgerFixture {
  static final WorkspaceId WORKSPACE = WorkspaceId.DEFAULT;
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final Duration SLACK = Duration.ofSeconds(30);
  static final CallTimes TIMES =
      new CallTimes(Map.of("mastodon", TIMEOUT, "youtube", Duration.ofMinutes(5)), TIMEOUT);
  static final String PROCESS = "test/1";
  static final Instant LONG_YET = Instant.parse("2100-01-01T00:00:00Z");

  private static final AtomicLong COUNT = new AtomicLong();

  final DataSource database = TestPostgres.fresh();
  final FlakyStore jdbc = new FlakyStore(database);
  final TransactionTemplate transactions =
      new TransactionTemplate(new JdbcTransactionManager(database));
  final Ledger ledger;
  // Time-ordered like the real ones; unique over the JVM.
  final IdSource ids = () -> "%012d-%s".formatted(COUNT.incrementAndGet(), UUID.randomUUID());
  final DeliveryRules rules =
      new DeliveryRules(
          new RetryPolicy(3, Duration.ofSeconds(5), Duration.ofMinutes(15), new Random(3)),
          new ProbePolicy(Duration.ofSeconds(5), Duration.ofMinutes(30), Duration.ofHours(24)));
  final Decisions decisions = new Decisions(rules, InstantSource.system(), ids, "node-a");
  final Woken woken = new Woken();
  final LedgerPublishing publishing;

  LedgerFixture() {
    this(SLACK);
  }

  LedgerFixture(Duration leaseSlack) {
    ledger = Ledger.of(jdbc, transactions, leaseSlack);
    publishing =
        new LedgerPublishing(
            ledger, new DraftCheck(Map.of("mastodon", new ShortTexts())), decisions, woken);
  }

  /** What publishing told the dispatcher. */
  static final class Woken implements Wakeup {
    final List<Waiting> waiting = new ArrayList<>();
    final List<Waiting> gone = new ArrayList<>();

    @Override
    public void waits(List<Waiting> deliveries) {
      waiting.addAll(deliveries);
    }

    @Override
    public void gone(Collection<Waiting> deliveries) {
      gone.addAll(deliveries);
    }

    @Override
    public void switched() {}
  }

  /** A platform that takes texts of up to 20 characters. */
  static final class ShortTexts implements Publisher {
    private static final int MOST = 20;

    @Override
    public String platform() {
      return "mastodon";
    }

    @Override
    public List<FieldError> check(Channel.Spec spec, Channel.Credentials credentials) {
      return List.of();
    }

    @Override
    public List<Measure> measure(Channel.Spec spec, String text) {
      return List.of(new Measure("", text.length(), MOST, "characters"));
    }

    @Override
    public List<FieldError> check(Channel.Spec spec, String text) {
      return measure(spec, text).getFirst().fault().stream()
          .map(message -> new FieldError("text", message))
          .toList();
    }

    @Override
    public Identity identify(
        Channel.Spec spec, Channel.Credentials credentials, Deadline deadline) {
      return new Identity.Unknown("never called");
    }

    @Override
    public Answer publish(Call call) {
      throw new IllegalStateException("nothing is published here");
    }

    @Override
    public Probe probe(Call call, Instant firstCallAt, java.util.Set<String> claimed) {
      throw new IllegalStateException("nothing is probed here");
    }
  }

  String channel() {
    return channel("http://127.0.0.1:1");
  }

  String channel(String baseUrl) {
    String id = ids.next();
    jdbc.update(
        """
        INSERT INTO channel (id, workspace, platform, handle, base_url, zone, slots, credentials)
        VALUES (?, 'default', 'mastodon', '@me', ?, 'Europe/Paris', '[]', ?)
        """,
        id,
        baseUrl,
        "sealed".getBytes(StandardCharsets.UTF_8));
    return id;
  }

  static ScheduledPost.Draft draft(String text, When when, String... channels) {
    return new ScheduledPost.Draft(
        text, List.of(channels), when, Map.of(), 5, ScheduledPost.DEFAULT_EXPIRES_AFTER);
  }

  /** A delivery that has been due for a second. */
  Delivery due(String channel) {
    return due(channel, "hello");
  }

  Delivery due(String channel, String text) {
    When when = new When.At(Instant.now().minusSeconds(1));
    return publishing.schedule(WORKSPACE, draft(text, when, channel)).deliveries().getFirst();
  }

  Sendable arm(Delivery delivery) {
    return armAll(List.of(delivery), ids.next()).getFirst();
  }

  List<Sendable> armAll(List<Delivery> deliveries, String token) {
    List<Wish> wishes =
        deliveries.stream()
            .map(one -> new Wish(one.id(), one.fence(), TIMEOUT, LONG_YET, ids.next()))
            .toList();
    return ledger.arms().arm(wishes, token, PROCESS);
  }

  Delivery now(Delivery delivery) {
    return publishing.findDelivery(WORKSPACE, delivery.id()).orElseThrow();
  }

  DeliveryState state(Delivery delivery) {
    return now(delivery).state();
  }

  /** As if everything about the delivery had happened that much earlier. */
  void age(Delivery delivery, Duration by) {
    jdbc.update(
        """
        UPDATE delivery SET armed_at = armed_at - i, lease_until = lease_until - i,
          doubt_since = doubt_since - i, resend_until = resend_until - i,
          next_probe_at = next_probe_at - i, due_at = due_at - i
        FROM make_interval(secs => ?) AS i WHERE id = ?
        """,
        by.toSeconds(),
        delivery.id());
  }
}
