package io.pulsegrid.node.follow;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells the grid's posts their new counts, by the way that posts come in. */
public record PostNews(Posts posts, Intake intake) {
  /**
   * Hands counts over; returns when they are in the durable store. A post that is gone here stays
   * gone.
   *
   * @param counts by post id
   * @return false when the intake takes nothing just now
   */
  boolean tell(WorkspaceId workspace, Map<String, Engagement> counts) {
    List<IncomingPost> changed = new ArrayList<>();
    counts.forEach(
        (id, engagement) -> {
          Optional<Post> post = posts.find(workspace, new PostId(id));
          post.filter(it -> !it.engagement().equals(engagement))
              .ifPresent(
                  it ->
                      changed.add(
                          new IncomingPost(
                              it.content(), it.publishedAt(), engagement, it.progress().source())));
        });
    try {
      List<Intake.Receipt> _ = intake.take(workspace, changed);
      return true;
    } catch (PulsegridException notNow) {
      if (notNow.code() != FailureCode.UNAVAILABLE) {
        throw notNow;
      }
      return false;
    }
  }
}
