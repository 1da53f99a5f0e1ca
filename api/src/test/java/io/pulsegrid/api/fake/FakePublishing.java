package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Explanations;
import io.pulsegrid.core.publish.Publishing;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Why;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The ledger in memory; nothing in it moves by itself. */
public final class FakePublishing implements Publishing, Explanations {
  public static final Instant NOW = Instant.parse("2026-10-01T12:00:00Z");

  private final Map<String, ScheduledPost> posts = new LinkedHashMap<>();
  private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
  private final Map<String, List<Attempt>> attempts = new LinkedHashMap<>();
  private final Set<String> pausedPlatforms = new TreeSet<>();
  private boolean paused;
  private int ids;

  /** Puts a delivery into a state, with what is known of it. */
  public synchronized void move(String id, DeliveryState state, Delivery.Result result) {
    Delivery old = deliveries.get(id);
    if (old == null) {
      throw new IllegalArgumentException("no delivery " + id);
    }
    put(
        new Delivery(
            id,
            old.workspace(),
            old.scheduledPost(),
            old.channel(),
            state,
            old.askedAt(),
            old.dueAt(),
            old.attempts(),
            result,
            old.fence() + 1));
  }

  public synchronized void attempted(String id, Attempt attempt) {
    attempts.computeIfAbsent(id, _ -> new ArrayList<>()).add(attempt);
  }

  @Override
  public synchronized ScheduledPost schedule(WorkspaceId workspace, ScheduledPost.Draft draft) {
    check(draft);
    String id = "p" + ++ids;
    return write(id, workspace, draft, 1);
  }

  @Override
  public synchronized List<Placed> scheduleAll(
      WorkspaceId workspace, List<ScheduledPost.Draft> drafts, boolean together) {
    List<Placed> placed = new ArrayList<>();
    List<FieldError> wrong = new ArrayList<>();
    for (ScheduledPost.Draft draft : drafts) {
      try {
        check(draft);
        placed.add(new Placed.Scheduled(draftOnly(workspace, draft)));
      } catch (PulsegridException e) {
        e.errors()
            .forEach(
                error ->
                    wrong.add(
                        new FieldError(
                            "[" + placed.size() + "]." + error.field(), error.message())));
        placed.add(new Placed.Refused(e.errors()));
      }
    }
    if (together && !wrong.isEmpty()) {
      throw PulsegridException.invalid(wrong);
    }
    return placed.stream()
        .map(
            one ->
                one instanceof Placed.Scheduled(ScheduledPost post)
                    ? new Placed.Scheduled(schedule(workspace, post.draft()))
                    : one)
        .toList();
  }

  private static ScheduledPost draftOnly(WorkspaceId workspace, ScheduledPost.Draft draft) {
    return new ScheduledPost(
        "",
        workspace,
        draft,
        List.of(resolved(draft)),
        DeliveryState.SCHEDULED,
        List.of(),
        1,
        NOW,
        null);
  }

  @Override
  public synchronized Optional<ScheduledPost> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(posts.get(id))
        .filter(post -> post.workspace().equals(workspace))
        .map(this::current);
  }

  @Override
  public synchronized Page<ScheduledPost> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        posts.values().stream()
            .filter(post -> post.workspace().equals(workspace))
            .map(this::current)
            .toList()
            .reversed(),
        page);
  }

  @Override
  public synchronized ScheduledPost replace(
      WorkspaceId workspace, String id, ScheduledPost.Draft draft, OptionalLong expectedVersion) {
    ScheduledPost old =
        find(workspace, id).orElseThrow(() -> PulsegridException.notFound("scheduled post", id));
    requireVersion(old, expectedVersion);
    if (old.deliveries().stream().anyMatch(delivery -> !delivery.state().editable())) {
      throw PulsegridException.of(FailureCode.CONFLICT, "a delivery is in flight or ended");
    }
    check(draft);
    old.deliveries().forEach(delivery -> deliveries.remove(delivery.id()));
    return write(id, workspace, draft, old.version() + 1);
  }

  @Override
  public synchronized void cancel(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    ScheduledPost post =
        find(workspace, id).orElseThrow(() -> PulsegridException.notFound("scheduled post", id));
    requireVersion(post, expectedVersion);
    List<Delivery> open =
        post.deliveries().stream().filter(delivery -> delivery.state().editable()).toList();
    if (open.isEmpty()) {
      throw PulsegridException.of(FailureCode.CONFLICT, "nothing is left to cancel");
    }
    open.forEach(d -> move(d.id(), DeliveryState.CANCELLED, d.result()));
  }

  private static void requireVersion(ScheduledPost post, OptionalLong expected) {
    if (expected.isPresent() && expected.getAsLong() != post.version()) {
      throw PulsegridException.of(FailureCode.STALE, "the scheduled post has changed");
    }
  }

  @Override
  public synchronized Optional<Delivery> findDelivery(WorkspaceId workspace, String id) {
    return Optional.ofNullable(deliveries.get(id)).filter(d -> d.workspace().equals(workspace));
  }

  @Override
  public synchronized List<Attempt> attempts(WorkspaceId workspace, String deliveryId) {
    return attempts.getOrDefault(deliveryId, List.of());
  }

  @Override
  public synchronized Page<Delivery> listDeliveries(
      WorkspaceId workspace,
      @Nullable DeliveryState state,
      @Nullable String channel,
      PageRequest page) {
    return Cut.of(
        deliveries.values().stream()
            .filter(d -> d.workspace().equals(workspace))
            .filter(d -> state == null || d.state() == state)
            .filter(d -> channel == null || d.channel().equals(channel))
            .sorted(Comparator.comparing(Delivery::dueAt))
            .toList(),
        page);
  }

  @Override
  public synchronized List<Delivery> latestDeliveries(
      WorkspaceId workspace, DeliveryState state, int limit) {
    return deliveries.values().stream()
        .filter(d -> d.workspace().equals(workspace) && d.state() == state)
        .sorted(Comparator.comparing(Delivery::dueAt).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public Delivery retry(WorkspaceId workspace, String id) {
    return step(workspace, id, DeliveryState.FAILED, DeliveryState.SCHEDULED, Delivery.Result.NONE);
  }

  @Override
  public Delivery cancelDelivery(WorkspaceId workspace, String id) {
    return step(
        workspace, id, DeliveryState.SCHEDULED, DeliveryState.CANCELLED, Delivery.Result.NONE);
  }

  @Override
  public Delivery confirm(
      WorkspaceId workspace, String id, boolean published, @Nullable String remoteId) {
    return step(
        workspace,
        id,
        DeliveryState.UNCONFIRMED,
        published ? DeliveryState.PUBLISHED : DeliveryState.RETRY,
        new Delivery.Result(remoteId, null, null));
  }

  @Override
  public synchronized Counts counts(WorkspaceId workspace) {
    return new Counts(
        count(workspace, DeliveryState.SCHEDULED),
        0,
        count(workspace, DeliveryState.ARMED),
        count(workspace, DeliveryState.RETRY),
        count(workspace, DeliveryState.UNCONFIRMED),
        count(workspace, DeliveryState.FAILED),
        count(workspace, DeliveryState.MISSED),
        count(workspace, DeliveryState.PUBLISHED),
        paused,
        List.copyOf(pausedPlatforms),
        NOW);
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  @Override
  public synchronized void pause(String platform) {
    pausedPlatforms.add(platform);
  }

  @Override
  public synchronized void resume(String platform) {
    pausedPlatforms.remove(platform);
  }

  @Override
  public synchronized long cancelAll(
      WorkspaceId workspace, DeliveryState state, @Nullable Instant before) {
    if (state == DeliveryState.PUBLISHED) {
      throw PulsegridException.invalid("state", "must be one from which a person may cancel");
    }
    List<Delivery> found =
        deliveries.values().stream()
            .filter(d -> d.workspace().equals(workspace) && d.state() == state)
            .filter(d -> before == null || d.dueAt().isBefore(before))
            .toList();
    found.forEach(d -> move(d.id(), DeliveryState.CANCELLED, d.result()));
    return found.size();
  }

  @Override
  public Optional<Why> why(WorkspaceId workspace, String deliveryId) {
    return findDelivery(workspace, deliveryId)
        .map(d -> new Why(Why.WaitsFor.DUE_TIME, d.dueAt(), "it is due at " + d.dueAt()));
  }

  private long count(WorkspaceId workspace, DeliveryState state) {
    return deliveries.values().stream()
        .filter(d -> d.workspace().equals(workspace) && d.state() == state)
        .count();
  }

  private static void check(ScheduledPost.Draft draft) {
    if (draft.text().length() > 500) {
      throw PulsegridException.invalid("text", "mastodon takes 500 characters, was longer");
    }
    if (resolved(draft).instant().plus(draft.expiresAfter()).isBefore(NOW)) {
      throw PulsegridException.invalid("when.at", "lies further back than expiresAfter");
    }
    for (int i = 0; i < draft.channels().size(); i++) {
      if (draft.channels().get(i).startsWith("unknown")) {
        throw PulsegridException.invalid("channels[" + i + "]", "is not a channel");
      }
    }
  }

  /** A slot is tomorrow at this time. */
  private static Resolved resolved(ScheduledPost.Draft draft) {
    return switch (draft.when()) {
      case When.Moment moment -> Resolved.of(moment, NOW, ZoneOffset.UTC);
      case When.NextSlot _ ->
          Resolved.of(new When.At(NOW.plus(Duration.ofDays(1))), NOW, ZoneOffset.UTC);
    };
  }

  private ScheduledPost write(
      String id, WorkspaceId workspace, ScheduledPost.Draft draft, long version) {
    Resolved resolved = resolved(draft);
    for (String channel : draft.channels()) {
      put(
          new Delivery(
              "d" + ++ids,
              workspace,
              id,
              channel,
              DeliveryState.SCHEDULED,
              resolved.instant(),
              0,
              Delivery.Result.NONE,
              1));
    }
    ScheduledPost post =
        new ScheduledPost(
            id,
            workspace,
            draft,
            List.of(resolved),
            DeliveryState.SCHEDULED,
            List.of(),
            version,
            NOW,
            null);
    posts.put(id, post);
    return current(post);
  }

  private ScheduledPost current(ScheduledPost post) {
    List<Delivery> own =
        deliveries.values().stream().filter(d -> d.scheduledPost().equals(post.id())).toList();
    return new ScheduledPost(
        post.id(),
        post.workspace(),
        post.draft(),
        post.resolved(),
        own.stream().map(Delivery::state).min(Comparator.naturalOrder()).orElse(post.state()),
        own,
        post.version(),
        post.createdAt(),
        post.occurrence());
  }

  private synchronized Delivery step(
      WorkspaceId workspace,
      String id,
      DeliveryState from,
      DeliveryState to,
      Delivery.Result result) {
    Delivery old =
        findDelivery(workspace, id).orElseThrow(() -> PulsegridException.notFound("delivery", id));
    if (old.state() != from) {
      throw PulsegridException.of(
          FailureCode.CONFLICT, "the delivery is " + old.state() + ", not " + from);
    }
    move(id, to, result);
    return findDelivery(workspace, id).orElseThrow();
  }

  private void put(Delivery delivery) {
    deliveries.put(delivery.id(), delivery);
  }
}
