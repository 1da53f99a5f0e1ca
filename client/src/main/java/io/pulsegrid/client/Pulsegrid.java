package io.pulsegrid.client;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.ignite.client.ClientException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * A connection to a grid: everything a program asks of it. Calls block; {@link #later} makes a
 * future of any of them. Each is made with the connection's key and sees its workspace alone. Lost
 * connections and answers that say "not now" are tried again within {@link Connection#patience()},
 * at other nodes too; whatever writes carries an idempotency key, so that trying again never does
 * anything twice. Every call fails with {@link PulsegridException} alone. Safe for many threads;
 * one for a program is enough.
 */
public final class Pulsegrid implements AutoCloseable {
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  private final AutoCloseable transport;
  private final Calling calling;
  private final ExecutorService threads;
  private final Envelope.Contract grid;
  private final RecurringPosts recurring;

  private Pulsegrid(
      AutoCloseable transport, Calling calling, ExecutorService threads, Envelope.Contract grid) {
    this.transport = transport;
    this.calling = calling;
    this.threads = threads;
    this.grid = grid;
    this.recurring = new RecurringPosts(calling);
  }

  /**
   * Connects.
   *
   * @throws PulsegridException {@code unauthenticated} for a key that is not known, {@code
   *     unavailable} where no node answers, {@code malformed} for a grid of another major version
   */
  public static Pulsegrid connect(Connection connection) {
    Line line =
        new Line(
            connection.addresses(),
            Line.longest(connection.patience()),
            addresses -> ThinClient.open(connection, addresses));
    try {
      line.open();
      return over(line, line, connection, Calling.Surroundings.real());
    } catch (ClientException failed) {
      close(line);
      throw Calling.told(failed);
    } catch (RuntimeException failed) {
      close(line);
      throw failed;
    }
  }

  /** The same over any door. */
  static Pulsegrid over(
      AutoCloseable transport,
      Door door,
      Connection connection,
      Calling.Surroundings surroundings) {
    var calling = new Calling(door, connection.key(), connection.patience(), surroundings);
    byte[] greeted = calling.ask("hello", new byte[] {'{', '}'}, null);
    String contract = Envelope.JSON.readTree(greeted).path("contract").asString("");
    Envelope.Contract grid = Envelope.Contract.read(contract);
    grid.needSameMajor();
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("pulsegrid-", 0).factory());
    return new Pulsegrid(transport, calling, threads, grid);
  }

  /** Any call as a future, on a thread of its own. */
  public <T> CompletableFuture<T> later(Function<Pulsegrid, T> call) {
    return CompletableFuture.supplyAsync(() -> call.apply(this), threads);
  }

  /** The channels that posts may be scheduled on, oldest first. */
  public Page<Channel> channels(Paging page) {
    return calling.read("channels.list", page, new TypeReference<Page<Channel>>() {});
  }

  /** Schedules a post; stored durably when this returns. */
  public ScheduledPost schedule(NewScheduledPost post) {
    return schedule(post, calling.once());
  }

  /**
   * The same, safe to repeat even over a restart of the program.
   *
   * @param idempotencyKey 1 to 255 characters, one for each post; kept for 24 hours
   */
  public ScheduledPost schedule(NewScheduledPost post, String idempotencyKey) {
    return calling.write("scheduledPosts.create", post, idempotencyKey, ScheduledPost.class);
  }

  /**
   * Schedules up to 20,000 posts in one transaction.
   *
   * @param atomic whether one at fault refuses all; else those at fault are left out and named
   */
  public BatchResult scheduleAll(List<NewScheduledPost> posts, boolean atomic) {
    return scheduleAll(posts, atomic, calling.once());
  }

  /**
   * The same, safe to repeat even over a restart of the program.
   *
   * @param idempotencyKey 1 to 255 characters, one for each batch; kept for 24 hours
   */
  public BatchResult scheduleAll(
      List<NewScheduledPost> posts, boolean atomic, String idempotencyKey) {
    return calling.write(
        "scheduledPosts.batch", new Asked.Batch(atomic, posts), idempotencyKey, BatchResult.class);
  }

  /** What would become of up to 20,000 posts; changes nothing. Takes a key that may schedule. */
  public Preview preview(List<NewScheduledPost> posts) {
    return calling.read("scheduledPosts.preview", new Asked.Plan(posts), Preview.class);
  }

  /** A scheduled post with its deliveries. */
  public ScheduledPost scheduledPost(String id) {
    return calling.read("scheduledPosts.get", new Asked.OneOf(id), ScheduledPost.class);
  }

  /** Scheduled posts, latest created first. */
  public Page<ScheduledPost> scheduledPosts(Paging page) {
    return calling.read("scheduledPosts.list", page, new TypeReference<Page<ScheduledPost>>() {});
  }

  /** Puts another in a post's place; {@code conflict} once it is in flight on any channel. */
  public ScheduledPost replace(String scheduledPost, NewScheduledPost post) {
    return replace(new Asked.Edit(scheduledPost, post, null));
  }

  /**
   * The same where nobody else has edited the post since it was read; {@code stale} where somebody
   * has: read it again, and start from there.
   *
   * @param version {@link ScheduledPost#version()} as it was read
   */
  public ScheduledPost replace(String scheduledPost, NewScheduledPost post, long version) {
    needVersions();
    return replace(new Asked.Edit(scheduledPost, post, version));
  }

  private ScheduledPost replace(Asked.Edit edit) {
    return calling.write("scheduledPosts.replace", edit, ScheduledPost.class);
  }

  /** Cancels what of a post is not yet in flight; {@code conflict} where that is nothing. */
  public void cancel(String scheduledPost) {
    calling.write("scheduledPosts.cancel", new Asked.End(scheduledPost, null));
  }

  /**
   * The same where nobody has edited the post since it was read; {@code stale} where somebody has.
   *
   * @param version {@link ScheduledPost#version()} as it was read
   */
  public void cancel(String scheduledPost, long version) {
    needVersions();
    calling.write("scheduledPosts.cancel", new Asked.End(scheduledPost, version));
  }

  // Asked without the version, an older grid would overwrite what somebody else wrote.
  private void needVersions() {
    grid.need(3, "edits against a version");
  }

  /** Posts that come again and again. */
  public RecurringPosts recurring() {
    return recurring;
  }

  /** A delivery with every call made for it. */
  public Delivery delivery(String id) {
    return calling.read("deliveries.get", new Asked.OneOf(id), Delivery.class);
  }

  /** Deliveries, earliest due first; a null state or channel stands for all. */
  public Page<Delivery> deliveries(@Nullable String state, @Nullable String channel, Paging page) {
    return calling.read(
        "deliveries.list",
        new Asked.Deliveries(state, channel, page),
        new TypeReference<Page<Delivery>>() {});
  }

  /**
   * Follows a delivery until it has ended, or the time is over: {@link Delivery#hasEnded()} tells
   * which.
   */
  public Delivery follow(String delivery, Duration longest) {
    long end = calling.nanoTime() + longest.toNanos();
    Duration pause = FIRST_LOOK;
    Delivery now = delivery(delivery);
    while (!now.hasEnded() && calling.nanoTime() < end) {
      calling.pause(pause);
      pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause.multipliedBy(2) : LONGEST_LOOK;
      now = delivery(delivery);
    }
    return now;
  }

  /** What a delivery waits for. */
  public Why why(String delivery) {
    return calling.read("deliveries.why", new Asked.OneOf(delivery), Why.class);
  }

  /** How the engagement of what was published grew; empty where its platform cannot be asked. */
  public EngagementHistory deliveryEngagement(String delivery) {
    return engagement("deliveries.engagement", delivery);
  }

  /** How many deliveries are in each state, and what is paused. */
  public QueueCounts queue() {
    return calling.read("queue.get", Map.of(), QueueCounts.class);
  }

  /** Sends a FAILED delivery again: due now, with a new budget; else {@code conflict}. */
  public Delivery retry(String delivery) {
    return calling.write("deliveries.retry", new Asked.OneOf(delivery), Delivery.class);
  }

  /** Cancels a delivery; {@code conflict} once it is in flight or has ended. */
  public Delivery cancelDelivery(String delivery) {
    return calling.write("deliveries.cancel", new Asked.OneOf(delivery), Delivery.class);
  }

  /**
   * Decides an UNCONFIRMED delivery by what somebody saw on the platform; else {@code conflict}.
   *
   * @param published whether it is there; where it is not, it is tried again
   * @param remoteId its id there; null where that is not known
   */
  public Delivery confirm(String delivery, boolean published, @Nullable String remoteId) {
    return calling.write(
        "deliveries.confirm",
        new Asked.Decision(delivery, new Asked.Word(published, remoteId)),
        Delivery.class);
  }

  /** The limits of a channel, or of all for null, and when each lets the next action happen. */
  public List<RateLimit> rateLimits(@Nullable String channel) {
    return calling.read("limits.list", new Asked.OfChannel(channel), RateLimit.All.class).items();
  }

  /**
   * Counts an action that was taken on a channel past the grid, so that its limits know of it.
   *
   * @param action {@code publish}, {@code like}, {@code comment}, {@code follow} or {@code message}
   * @return the channel's limits as they stand then
   */
  public List<RateLimit> recordAction(String channel, String action) {
    return calling
        .write("limits.record", new Asked.Action(channel, action), RateLimit.All.class)
        .items();
  }

  /** Alerts, latest first. */
  public Page<Alert> alerts(AlertsRequest request) {
    return calling.read("alerts.list", request, new TypeReference<Page<Alert>>() {});
  }

  /** Finds posts, best first. */
  public SearchResult search(SearchRequest request, Paging page) {
    return calling.read("search", new Asked.Search(request, page), SearchResult.class);
  }

  /** Embeds up to 1,000 texts. */
  public Embeddings embed(List<String> texts) {
    return calling.read("embed", new Asked.Texts(texts), Embeddings.class);
  }

  /** Trends, highest score first; where they are of the past, the page may have a note. */
  public Page<Trend> trends(TrendsRequest request) {
    return calling.read("trends.list", request, new TypeReference<Page<Trend>>() {});
  }

  /** One trend; the id of one that was merged answers with what it became part of. */
  public Trend trend(String id) {
    return calling.read("trends.get", new Asked.OneOf(id), Trend.class);
  }

  /** A trend as it stood then; {@code not-found} where it was not there yet. */
  public Trend trend(String id, Instant at) {
    return calling.read("trends.get", new Asked.Then(id, at), Trend.class);
  }

  /** A trend's posts, newest first. */
  public Page<Post> trendPosts(String id, Paging page) {
    return calling.read(
        "trends.posts", new Asked.PartOf(id, page), new TypeReference<Page<Post>>() {});
  }

  /** Posts, newest first. */
  public Page<Post> posts(PostsRequest request, Paging page) {
    return calling.read(
        "posts.list", new Asked.Posts(request, page), new TypeReference<Page<Post>>() {});
  }

  /** One post. */
  public Post post(String id) {
    return calling.read("posts.get", new Asked.OneOf(id), Post.class);
  }

  /** How a post's engagement grew. */
  public EngagementHistory postEngagement(String id) {
    return engagement("posts.engagement", id);
  }

  /** What nearly repeats a post; a copy has no copies of its own. */
  public Copies copies(String id, Paging page) {
    return calling.read("posts.copies", new Asked.PartOf(id, page), Copies.class);
  }

  private EngagementHistory engagement(String operation, String id) {
    return calling.read(operation, new Asked.OneOf(id), EngagementHistory.class);
  }

  /**
   * Imports posts as fast as the grid takes them: the stream is drawn from no faster. What is
   * counted is stored durably; after a failure, importing the same again is harmless.
   */
  public ImportResult importPosts(Stream<NewPost> posts, ImportOptions options) {
    return new Pieces(calling, threads, options).take(posts.map(Pieces::line).iterator());
  }

  /** The same from lines of NDJSON, each up to 1 MiB; closes nothing. */
  public ImportResult importLines(InputStream lines, ImportOptions options) {
    var reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
    return new Pieces(calling, threads, options)
        .take(reader.lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).iterator());
  }

  /**
   * Tells a listener what happens from now on.
   *
   * @param types some of {@code post}, {@code trend}, {@code delivery}, {@code alert}; empty for
   *     all
   */
  public Subscription subscribe(Set<String> types, Consumer<Event> listener) {
    return subscribe(types, null, listener);
  }

  /**
   * The same from an event on, such as the last one before a restart of the program.
   *
   * @param after its id; one older than ten minutes begins with the oldest held; null for now
   */
  public Subscription subscribe(
      Set<String> types, @Nullable String after, Consumer<Event> listener) {
    var subscription = new Subscription(calling, grid, types, after, listener);
    Instant from = subscription.begin();
    Future<?> _ = threads.submit(() -> subscription.run(from));
    return subscription;
  }

  /** Closes the connection; calls and subscriptions that are under way fail. */
  @Override
  public void close() {
    threads.shutdownNow();
    close(transport);
  }

  private static void close(AutoCloseable transport) {
    try {
      transport.close();
    } catch (Exception failed) {
      throw PulsegridException.of("internal", 500, "the connection did not close", failed);
    }
  }
}
