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

  /**
   * Follows what a source brought; what is followed already, or old, is not followed anew.
   *
   * @param changed what is new, or counted anew
   * @param known what was there as it is: stored, maybe, by a visit that broke off before it came
   *     here
   */
  public void collected(
      WorkspaceId workspace, String source, List<IncomingPost> changed, List<IncomingPost> known) {
    Map<FollowLedger.Followed, Instant> due = new HashMap<>();
    Map<String, Engagement> readings = new HashMap<>();
    for (IncomingPost post : changed) {
      if (platforms.contains(post.content().platform())) {
        readings.put(id(workspace, post), post.engagement());
      }
    }
    begin(workspace, source, changed, due);
    begin(workspace, source, known, due);
    if (!due.isEmpty() || !readings.isEmpty()) {
      ledger.begin(due, readings);
    }
  }

  private void begin(
      WorkspaceId workspace,
      String source,
      List<IncomingPost> posts,
      Map<FollowLedger.Followed, Instant> due) {
    Instant now = clock.instant();
    for (IncomingPost post : posts) {
      String platform = post.content().platform();
      if (!platforms.contains(platform)) {
        continue;
      }
      Instant published = post.publishedAt() == null ? now : post.publishedAt();
      FollowPlan.next(published, now, follow.apply(platform))
          .ifPresent(
              next ->
                  due.put(
                      new FollowLedger.Followed(
                          id(workspace, post),
                          workspace,
                          platform,
                          post.content().nativeId(),
                          post.content().url(),
                          new FollowLedger.Asker.OfSource(source),
                          published),
                      next));
    }
  }

  private static String id(WorkspaceId workspace, IncomingPost post) {
    return PostId.of(workspace, post.content().platform(), post.content().nativeId()).value();
  }
}
