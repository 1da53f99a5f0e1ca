package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Publisher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Channels and their limits in memory. */
public final class FakeChannels implements Channels, Limits {
  private static final Instant THEN = Instant.parse("2026-10-01T00:00:00Z");

  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private final Map<String, Channel.Credentials> credentials = new LinkedHashMap<>();
  private final List<String> unblocked = new ArrayList<>();
  private final Set<String> busy = new java.util.HashSet<>();
  private int used = 3;
  private boolean refusing;

  public Channel.@Nullable Credentials credentialsOf(String id) {
    return credentials.get(id);
  }

  public List<String> unblocked() {
    return unblocked;
  }

  /** Has the platform refuse everybody's credentials, or no longer. */
  public void refuse(boolean all) {
    refusing = all;
  }

  /** Makes deliveries wait on a channel. */
  public void busy(String id) {
    busy.add(id);
  }

  @Override
  public Checked check(Channel.Spec spec, Channel.Credentials secrets) {
    if (!spec.platform().equals("mastodon")) {
      throw PulsegridException.invalid("platform", "is not known; known are mastodon");
    }
    if (refusing) {
      throw PulsegridException.invalid("credentials", "are refused by mastodon");
    }
    return new Checked(spec, secrets, new Publisher.Identity.None());
  }

  @Override
  public synchronized Channel create(WorkspaceId workspace, Checked checked, boolean paused) {
    String id = "c" + (channels.size() + 1);
    credentials.put(id, checked.credentials());
    return put(new Channel(id, workspace, checked.spec(), paused, null, 1, THEN));
  }

  @Override
  public synchronized Optional<Channel> find(WorkspaceId workspace, String id) {
    return Optional.ofNullable(channels.get(id)).filter(c -> c.workspace().equals(workspace));
  }

  @Override
  public synchronized Page<Channel> list(WorkspaceId workspace, PageRequest page) {
    return Cut.of(
        channels.values().stream().filter(c -> c.workspace().equals(workspace)).toList(), page);
  }

  @Override
  public synchronized Channel update(
      WorkspaceId workspace,
      String id,
      Channel.Spec spec,
      Channel.@Nullable Credentials secrets,
      @Nullable Boolean paused,
      OptionalLong expectedVersion) {
    Channel old = known(workspace, id, expectedVersion);
    if (secrets != null) {
      credentials.put(id, secrets);
    }
    boolean kept = old.paused() && secrets == null;
    boolean held = paused == null ? kept : paused;
    return put(new Channel(id, workspace, spec, held, null, old.version() + 1, old.createdAt()));
  }

  @Override
  public synchronized void delete(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    known(workspace, id, expectedVersion);
    if (busy.contains(id)) {
      throw PulsegridException.of(FailureCode.CONFLICT, "1 delivery waits on this channel");
    }
    channels.remove(id);
  }

  @Override
  public synchronized List<RateLimit> of(WorkspaceId workspace, String channelId) {
    known(workspace, channelId);
    return List.of(
        new RateLimit(
            "channel:" + channelId, "publish", Duration.ofHours(3), 300, used, THEN, null, null),
        new RateLimit(
            "app:mastodon",
            "publish",
            Duration.ofMinutes(5),
            1500,
            9,
            THEN,
            THEN.plusSeconds(60),
            "429 from the platform"));
  }

  @Override
  public void unblock(WorkspaceId workspace, String scope) {
    if (!scope.startsWith("channel:") && !scope.startsWith("app:")) {
      throw PulsegridException.notFound("scope", scope);
    }
    unblocked.add(scope);
  }

  @Override
  public synchronized void record(WorkspaceId workspace, String channelId, String action) {
    known(workspace, channelId);
    if (!action.equals("publish")) {
      throw PulsegridException.invalid("action", "is not known");
    }
    used++;
  }

  private Channel known(WorkspaceId workspace, String id, OptionalLong expectedVersion) {
    Channel found = known(workspace, id);
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != found.version()) {
      throw PulsegridException.of(FailureCode.STALE, "the channel has changed");
    }
    return found;
  }

  private Channel known(WorkspaceId workspace, String id) {
    return find(workspace, id).orElseThrow(() -> PulsegridException.notFound("channel", id));
  }

  private Channel put(Channel channel) {
    channels.put(channel.id(), channel);
    return channel;
  }
}
