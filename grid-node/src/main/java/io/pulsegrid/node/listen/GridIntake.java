package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.telling.EventSink;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way in: reserves places in the order of acceptance, sends each post to its node, and answers
 * when all of them are in Postgres. What a node did not answer for, because it left or is just
 * being replaced, is sent to its successor for a while; taking a post in twice changes nothing.
 */
public final class GridIntake implements Intake {
  private static final Duration COME_BACK = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private final Ignite ignite;
  private final PostCaches caches;
  private final Sequencer sequencer;
  private final Epochs epochs;
  private final InstantSource clock;
  private final EventSink events;
  private final MeterRegistry meters;
  private final GridVerification.Pause pause;

  /** How an intake's collaborators come together. */
  public record Parts(
      Ignite ignite,
      PostCaches caches,
      Sequencer sequencer,
      Epochs epochs,
      InstantSource clock,
      EventSink events,
      MeterRegistry meters,
      GridVerification.Pause pause) {}

  public GridIntake(Parts parts) {
    ignite = parts.ignite();
    caches = parts.caches();
    sequencer = parts.sequencer();
    epochs = parts.epochs();
    clock = parts.clock();
    events = parts.events();
    meters = parts.meters();
    pause = parts.pause();
  }

  @Override
  public List<Receipt> take(WorkspaceId workspace, List<IncomingPost> posts) {
    if (posts.isEmpty()) {
      return List.of();
    }
    // A post that stands twice in one batch is taken as it stands last.
    Map<PostId, IncomingPost> latest = new LinkedHashMap<>();
    List<PostId> ids = new ArrayList<>(posts.size());
    for (IncomingPost post : posts) {
      PostId id = PostId.of(workspace, post.content().platform(), post.content().nativeId());
      ids.add(id);
      latest.put(id, post);
    }
    Instant deadline = clock.instant().plus(PATIENCE);
    Sequencer.Reservation places = reserve(latest.size(), deadline);
    try {
      Map<PostId, Receipt> receipts = take(workspace, latest, places.first(), deadline);
      return ids.stream().map(receipts::get).toList();
    } finally {
      // A crash before this leaves the range open until the grid sees that this node is gone.
      sequencer.close(places);
    }
  }

  private Sequencer.Reservation reserve(int count, Instant deadline) {
    while (true) {
      try {
        return sequencer.reserve(count);
      } catch (IgniteException | CacheException failure) {
        comeAgain(failure, deadline);
      }
    }
  }

  private Map<PostId, Receipt> take(
      WorkspaceId workspace,
      Map<PostId, IncomingPost> posts,
      long firstSequence,
      Instant deadline) {
    List<Sent> open = new ArrayList<>(posts.size());
    Instant now = clock.instant();
    long sequence = firstSequence;
    for (Map.Entry<PostId, IncomingPost> entry : posts.entrySet()) {
      open.add(new Sent(entry.getKey(), wire(workspace, entry.getValue(), now), sequence++));
    }
    Map<PostId, Receipt> receipts = new HashMap<>();
    while (true) {
      @Nullable RuntimeException failure = attempt(workspace, open, deadline, receipts);
      if (failure == null) {
        return receipts;
      }
      comeAgain(failure, deadline);
      open.removeIf(post -> receipts.containsKey(post.id()));
    }
  }

  /** Sends posts to their nodes; the failure of one of those that did not answer for theirs. */
  private @Nullable RuntimeException attempt(
      WorkspaceId workspace, List<Sent> open, Instant deadline, Map<PostId, Receipt> receipts) {
    Map<ClusterNode, List<Sent>> byHome = new LinkedHashMap<>();
    Map<List<Sent>, IgniteFuture<IntakeJob.Taken>> running = new LinkedHashMap<>();
    @Nullable RuntimeException failure = null;
    @Nullable PulsegridException full = null;
    for (Sent post : open) {
      try {
        byHome.computeIfAbsent(home(post.id()), _ -> new ArrayList<>()).add(post);
      } catch (IgniteException nobodys) {
        failure = nobodys;
      }
    }
    for (Map.Entry<ClusterNode, List<Sent>> entry : byHome.entrySet()) {
      IntakeJob job = new IntakeJob(epochs.current());
      entry.getValue().forEach(post -> job.add(post.id().value(), post.wire(), post.sequence()));
      try {
        running.put(
            entry.getValue(),
            ignite.compute(ignite.cluster().forNode(entry.getKey())).callAsync(job));
      } catch (IgniteException gone) {
        failure = gone;
      }
    }
    for (Map.Entry<List<Sent>, IgniteFuture<IntakeJob.Taken>> entry : running.entrySet()) {
      try {
        // A paused node is waited for until the grid takes it for dead, or until the deadline.
        long millis = Math.max(1, Duration.between(clock.instant(), deadline).toMillis());
        IntakeJob.Taken taken = entry.getValue().get(millis, TimeUnit.MILLISECONDS);
        @Nullable String refusal = taken.refusal();
        if (refusal != null) {
          full = PulsegridException.unavailable(refusal + "; send these again later", COME_BACK);
          continue;
        }
        List<Event.Subject> told = new ArrayList<>();
        for (Sent post : entry.getKey()) {
          receipts.put(post.id(), receipt(post, taken, told));
        }
        events.tellAll(workspace, told);
      } catch (IgniteException | CacheException e) {
        failure = e;
      }
    }
    if (full != null) {
      // Only now: what the other nodes took in is told of once, and by nobody but us.
      throw full;
    }
    return failure;
  }

  /** Waits for the next try; throws when it is too late for one, or Postgres is away. */
  private void comeAgain(RuntimeException failure, Instant deadline) {
    if (isOfTheStore(failure) || !clock.instant().plus(BETWEEN_TRIES).isBefore(deadline)) {
      throw PulsegridException.unavailable(
          "the posts could not be stored just now; nothing is lost by sending them again",
          COME_BACK,
          failure);
    }
    meters.counter("pulsegrid.intake.retries").increment();
    pause.of(BETWEEN_TRIES);
  }

  private static boolean isOfTheStore(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        String state = sql.getSQLState();
        // Class 40: Postgres broke a deadlock, and works.
        return state == null || !state.startsWith("40");
      }
    }
    return false;
  }

  /** A post on its way to the node that it belongs to. */
  private record Sent(PostId id, PostWire wire, long sequence) {}

  private static PostWire wire(WorkspaceId workspace, IncomingPost post, Instant now) {
    @Nullable Instant publishedAt = post.publishedAt();
    return PostWire.collected(
        workspace,
        post.content(),
        post.engagement(),
        publishedAt == null ? now : publishedAt,
        now,
        post.source());
  }

  private Receipt receipt(Sent post, IntakeJob.Taken taken, List<Event.Subject> news) {
    PostId id = post.id();
    @Nullable String reason = taken.parked(id.value());
    if (reason != null) {
      meters.counter("pulsegrid.intake", "outcome", "parked").increment();
      return new Receipt.Parked(id, reason);
    }
    boolean changed = taken.changed(id.value());
    meters.counter("pulsegrid.intake", "outcome", changed ? "accepted" : "unchanged").increment();
    if (!changed) {
      return new Receipt.Unchanged(id);
    }
    @Nullable PostWire standing = taken.standing(id.value());
    Post told = (standing == null ? post.wire() : standing).post(id);
    news.add(new Event.Subject.OfPost(told));
    return new Receipt.Accepted(id);
  }

  private ClusterNode home(PostId id) {
    ClusterNode home = caches.affinity().mapKeyToNode(id.value());
    if (home == null) {
      throw new IgniteException("the grid has no node for this post yet");
    }
    return home;
  }
}
