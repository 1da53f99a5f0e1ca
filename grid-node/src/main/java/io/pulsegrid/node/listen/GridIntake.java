package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.PostWire;
import io.pulsegrid.node.telling.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way in: reserves places in the order of acceptance, sends each post to its node, and answers
 * when all of them are in Postgres.
 */
public final class GridIntake implements Intake {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final Ignite ignite;
  private final PostCaches caches;
  private final Sequencer sequencer;
  private final Epochs epochs;
  private final InstantSource clock;
  private final EventSink events;
  private final MeterRegistry meters;

  /** How an intake's collaborators come together. */
  public record Parts(
      Ignite ignite,
      PostCaches caches,
      Sequencer sequencer,
      Epochs epochs,
      InstantSource clock,
      EventSink events,
      MeterRegistry meters) {}

  public GridIntake(Parts parts) {
    ignite = parts.ignite();
    caches = parts.caches();
    sequencer = parts.sequencer();
    epochs = parts.epochs();
    clock = parts.clock();
    events = parts.events();
    meters = parts.meters();
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
    try {
      long first = sequencer.reserve(latest.size());
      try {
        return receipts(ids, take(workspace, latest, first));
      } finally {
        // A crash before this leaves the range open until the grid sees that this node is gone.
        sequencer.close(first);
      }
    } catch (IgniteException | CacheException e) {
      throw PulsegridException.unavailable(
          "the posts could not be stored just now; nothing is lost by sending them again",
          COME_BACK,
          e);
    }
  }

  private Map<PostId, Receipt> take(
      WorkspaceId workspace, Map<PostId, IncomingPost> posts, long firstSequence) {
    Map<ClusterNode, IntakeJob> jobs = new LinkedHashMap<>();
    List<Sent> sent = new ArrayList<>(posts.size());
    Instant now = clock.instant();
    long epoch = epochs.current();
    long sequence = firstSequence;
    for (Map.Entry<PostId, IncomingPost> entry : posts.entrySet()) {
      PostWire wire = wire(workspace, entry.getValue(), now);
      ClusterNode home = home(entry.getKey());
      sent.add(new Sent(entry.getKey(), wire, home));
      jobs.computeIfAbsent(home, _ -> new IntakeJob(epoch))
          .add(entry.getKey().value(), wire, sequence++);
    }
    Map<ClusterNode, IgniteFuture<IntakeJob.Taken>> running = new LinkedHashMap<>();
    jobs.forEach(
        (node, job) ->
            running.put(node, ignite.compute(ignite.cluster().forNode(node)).callAsync(job)));
    Map<ClusterNode, IntakeJob.Taken> done = new HashMap<>();
    running.forEach((node, future) -> done.put(node, future.get()));
    Map<PostId, Receipt> receipts = new HashMap<>();
    for (Sent post : sent) {
      IntakeJob.Taken taken = done.get(post.home());
      if (taken == null || taken.full()) {
        throw PulsegridException.unavailable(
            "too many posts wait to be worked on; send these again later", COME_BACK);
      }
      Receipt receipt = receipt(post.id(), taken);
      receipts.put(post.id(), receipt);
      if (receipt instanceof Receipt.Accepted) {
        events.tell(workspace, new Event.Subject.OfPost(post.wire().post(post.id())));
      }
    }
    return receipts;
  }

  /** A post on its way to the node that it belongs to. */
  private record Sent(PostId id, PostWire wire, ClusterNode home) {}

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

  private Receipt receipt(PostId id, IntakeJob.Taken taken) {
    @Nullable String reason = taken.parked(id.value());
    if (reason != null) {
      meters.counter("pulsegrid.intake", "outcome", "parked").increment();
      return new Receipt.Parked(id, reason);
    }
    boolean changed = taken.changed(id.value());
    meters.counter("pulsegrid.intake", "outcome", changed ? "accepted" : "unchanged").increment();
    return changed ? new Receipt.Accepted(id) : new Receipt.Unchanged(id);
  }

  private ClusterNode home(PostId id) {
    ClusterNode home = caches.affinity().mapKeyToNode(id.value());
    if (home == null) {
      throw PulsegridException.unavailable("the grid has no node for this post yet", COME_BACK);
    }
    return home;
  }

  private static List<Receipt> receipts(List<PostId> ids, Map<PostId, Receipt> byId) {
    return ids.stream().map(byId::get).toList();
  }
}
