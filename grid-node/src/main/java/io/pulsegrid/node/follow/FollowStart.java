package io.pulsegrid.node.follow;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.PostId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The beginning of following: what a visit brought, and will be asked about again. */
public final class FollowStart {
  private final FollowLedger ledger;
  private final Set<String> platforms;
  private final Function<String, Duration> follow;
  private final InstantSource clock;

  /**
   * @param platforms that can be asked again
   * @param follow how long posts of a platform are followed; asked each time
   */
  public FollowStart(
      FollowLedger ledger,
      Set<String> platforms,
      Function<String, Duration> follow,
      InstantSource clock) {
    this.ledger = ledger;
    this.platforms = Set.copyOf(platforms);
    this.follow = follow;
    this.clock = clock;
  }

  /** Follows what a source brought; what is followed already, or old, is not followed anew. */
  public void collected(WorkspaceId workspace, String source, List<IncomingPost> posts) {
    Instant now = clock.instant();
    Map<FollowLedger.Followed, Instant> due = new HashMap<>();
    Map<String, Engagement> readings = new HashMap<>();
    for (IncomingPost post : posts) {
      String platform = post.content().platform();
      if (!platforms.contains(platform)) {
        continue;
      }
      String id = PostId.of(workspace, platform, post.content().nativeId()).value();
      readings.put(id, post.engagement());
      Instant published = post.publishedAt() == null ? now : post.publishedAt();
      FollowPlan.next(published, now, follow.apply(platform))
          .ifPresent(
              next ->
                  due.put(
                      new FollowLedger.Followed(
                          id,
                          workspace,
                          platform,
                          post.content().nativeId(),
                          post.content().url(),
                          new FollowLedger.Asker.OfSource(source),
                          published),
                      next));
    }
    if (!readings.isEmpty()) {
      ledger.begin(due, readings);
    }
  }
}
