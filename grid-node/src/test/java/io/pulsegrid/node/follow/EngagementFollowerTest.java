package io.pulsegrid.node.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory.Reading;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.node.access.ChannelSecrets;
import io.pulsegrid.node.access.SourceSecrets;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.engagement.StoredFollows;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngagementFollowerTest {
  private static final WorkspaceId US = WorkspaceId.DEFAULT;
  private static final Engagement GROWN = new Engagement(50, 7, 3, 0);

  private final TestStore store = TestStore.fresh();
  private final StoredFollows follows = new StoredFollows(store.jdbc(), store.transaction());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final World world = new World();
  private final FakeReader reader = new FakeReader();
  private volatile Optional<SourceSecrets.Unlocked> source = Optional.of(unlocked());

  private final EngagementFollower follower =
      new EngagementFollower(
          new EngagementFollower.Parts(
              follows,
              new Askers(_ -> source, new NoChannels()),
              new PostNews(world, world),
              _ -> Duration.ofDays(3),
              threads,
              InstantSource.system(),
              new FollowMeters(meters)),
          List.of(reader));

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void tellsThePostItsCountsAndKeepsThemAsHistory() {
    collect("t3_a");
    reader.answer = asked -> new EngagementReader.Answer.Counted(Map.of("t3_a", GROWN), Set.of());

    turn();

    assertThat(world.taken).extracting(IncomingPost::engagement).containsExactly(GROWN);
    assertThat(world.taken.getFirst().content().title()).isEqualTo("title of t3_a");
    assertThat(follows.readings(id("t3_a")))
        .extracting(Reading::counts)
        .containsExactly(Engagement.NONE, GROWN);
    assertThat(waiting()).isEqualTo(1);
    assertThat(readings("counted")).isEqualTo(1);
  }

  @Test
  void asksForManyTogether() {
    collect("t3_a", "t3_b", "t3_c");
    reader.answer = asked -> new EngagementReader.Answer.Counted(counts(asked), Set.of());

    turn();

    assertThat(reader.asked).singleElement().satisfies(it -> assertThat(it).hasSize(3));
  }

  @Test
  void asksNoMoreAboutWhatIsGone() {
    collect("t3_a");
    reader.answer = asked -> new EngagementReader.Answer.Counted(Map.of(), Set.of("t3_a"));

    turn();

    assertThat(waiting()).isZero();
    assertThat(world.taken).isEmpty();
  }

  @Test
  void waitsUntilTheLimitIsFreeAgain() {
    collect("t3_a");
    Instant until = Instant.now().plusSeconds(600);
    reader.answer = asked -> new EngagementReader.Answer.Held("spent", until);

    turn();
    due();
    turn();

    assertThat(reader.asked).as("an asker that is held is left alone").hasSize(1);
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void asksMoreSeldomAndNotForGoodWhereItIsNotTold() {
    collect("t3_a", "t3_old");
    published("t3_a", Duration.ofHours(10));
    published("t3_old", Duration.ofHours(71));
    reader.answer = asked -> new EngagementReader.Answer.Failed("it may not read");

    turn();

    assertThat(readings("failed")).isEqualTo(2);
    assertThat(
            store
                .jdbc()
                .sql(
                    """
                    SELECT native_id FROM followed_post
                    WHERE next_at BETWEEN now() + interval '4 hours' AND now() + interval '6 hours'
                    """)
                .query(String.class)
                .list())
        .containsExactly("t3_a");
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void keepsNoReadingThatThePostsDidNotTake() {
    collect("t3_a");
    world.away = true;
    reader.answer = asked -> new EngagementReader.Answer.Counted(counts(asked), Set.of());

    turn();

    assertThat(follows.readings(id("t3_a"))).hasSize(1);
    assertThat(waiting()).isEqualTo(1);
    world.away = false;
    due();
    turn();
    assertThat(follows.readings(id("t3_a"))).hasSize(2);
  }

  @Test
  void endsWithItsSource() {
    collect("t3_a");
    source = Optional.empty();

    turn();

    assertThat(waiting()).isZero();
    assertThat(reader.asked).isEmpty();
  }

  @Test
  void takesUpWhatIsKnownAndWasNeverFollowedButNothingThatWas() {
    collect("t3_a");
    store.jdbc().sql("DELETE FROM followed_post").update();

    start().collected(US, "s1", List.of(), List.of(incoming("t3_a"), incoming("t3_b")));

    assertThat(store.jdbc().sql("SELECT native_id FROM followed_post").query(String.class).list())
        .containsExactly("t3_b");
    assertThat(follows.readings(id("t3_b"))).isEmpty();
  }

  private void collect(String... nativeIds) {
    for (String nativeId : nativeIds) {
      world.known.put(id(nativeId), post(nativeId));
    }
    start()
        .collected(
            US,
            "s1",
            List.of(nativeIds).stream().map(EngagementFollowerTest::incoming).toList(),
            List.of());
    due();
  }

  private FollowStart start() {
    return new FollowStart(
        follows, Set.of("reddit"), _ -> Duration.ofDays(3), InstantSource.system());
  }

  private static IncomingPost incoming(String nativeId) {
    return new IncomingPost(content(nativeId), Instant.now(), Engagement.NONE, "s1");
  }

  private void published(String nativeId, Duration ago) {
    store
        .jdbc()
        .sql(
            """
            UPDATE followed_post SET published_at = now() - make_interval(secs => ?)
            WHERE native_id = ?
            """)
        .param(ago.toSeconds())
        .param(nativeId)
        .update();
  }

  private void due() {
    store.jdbc().sql("UPDATE followed_post SET next_at = now()").update();
  }

  private void turn() {
    follower.run();
    await().until(() -> follower.underway() == 0);
  }

  private long waiting() {
    return store.jdbc().sql("SELECT count(*) FROM followed_post").query(Long.class).single();
  }

  private double readings(String outcome) {
    return meters
        .counter("pulsegrid.engagement.readings", "platform", "reddit", "outcome", outcome)
        .count();
  }

  private static Map<String, Engagement> counts(List<EngagementReader.Subject> asked) {
    Map<String, Engagement> counts = new ConcurrentHashMap<>();
    asked.forEach(it -> counts.put(it.nativeId(), GROWN));
    return counts;
  }

  private static String id(String nativeId) {
    return PostId.of(US, "reddit", nativeId).value();
  }

  private static Content content(String nativeId) {
    return new Content(
        "reddit", nativeId, null, "me", "title of " + nativeId, null, null, null, List.of());
  }

  private static Post post(String nativeId) {
    Instant now = Instant.now();
    return new Post(
        PostId.of(US, "reddit", nativeId),
        US,
        content(nativeId),
        Engagement.NONE,
        now,
        now,
        new Post.Progress(Stage.CLUSTERED, 1, "s1", null, null));
  }

  private static SourceSecrets.Unlocked unlocked() {
    Source.Spec spec =
        new Source.Spec(
            "reddit",
            URI.create("https://oauth.reddit.com/r/java/new"),
            new Schedule.Every(Duration.ofMinutes(5)),
            5);
    return new SourceSecrets.Unlocked(
        new Source("s1", US, spec, Source.Position.START, Source.Health.NEW, 1, Instant.EPOCH),
        Source.Credentials.NONE);
  }

  /** A platform that answers as it is told to. */
  private static final class FakeReader implements EngagementReader {
    final List<List<Subject>> asked = new CopyOnWriteArrayList<>();
    volatile Function<List<Subject>, Answer> answer = _ -> new Answer.Failed("not told");

    @Override
    public String platform() {
      return "reddit";
    }

    @Override
    public int mostAtOnce() {
      return 100;
    }

    @Override
    public Answer read(Account account, List<Subject> subjects) {
      asked.add(List.copyOf(subjects));
      return answer.apply(subjects);
    }
  }

  /** Posts in memory, and the way in to them. */
  private static final class World implements Posts, Intake {
    final Map<String, Post> known = new ConcurrentHashMap<>();
    final List<IncomingPost> taken = new CopyOnWriteArrayList<>();
    volatile boolean away;

    @Override
    public Optional<Post> find(WorkspaceId workspace, PostId id) {
      return Optional.ofNullable(known.get(id.value()));
    }

    @Override
    public Page<Post> list(Query query, PageRequest page) {
      throw new UnsupportedOperationException("nobody lists posts here");
    }

    @Override
    public Page<Post> copies(Post original, PageRequest page) {
      throw new UnsupportedOperationException("nobody lists copies here");
    }

    @Override
    public Spread spread(Post original) {
      throw new UnsupportedOperationException("nobody counts copies here");
    }

    @Override
    public List<Receipt> take(WorkspaceId workspace, List<IncomingPost> posts) {
      if (away) {
        throw PulsegridException.unavailable("not now", Duration.ofSeconds(1));
      }
      taken.addAll(posts);
      return posts.stream()
          .<Receipt>map(
              it -> new Receipt.Accepted(PostId.of(workspace, "reddit", it.content().nativeId())))
          .toList();
    }
  }

  /** A store without channels. */
  private static final class NoChannels implements ChannelSecrets {
    @Override
    public Map<String, Unlocked> unlock(Collection<String> channelIds) {
      return Map.of();
    }

    @Override
    public Channel.Credentials open(String channelId, byte[] sealed) {
      throw new UnsupportedOperationException("there are no channels here");
    }

    @Override
    public byte[] seal(String channelId, Channel.Credentials credentials) {
      throw new UnsupportedOperationException("there are no channels here");
    }
  }
}
