package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.post.Stage;
import org.jspecify.annotations.Nullable;

/** A post leaves its trend with the part that was split off. */
public final class PostSplit extends PostChange {
  private static final long serialVersionUID = 1L;

  private final long sequence;
  private final String trend;
  private final long office;

  /**
   * A post's new trend.
   *
   * @param sequence the post's place in the order; with another one it was reworded since
   * @param office that of the writer which says so: a later one's word stands
   */
  public PostSplit(long sequence, String trend, long office, long senderEpoch) {
    super(senderEpoch);
    this.sequence = sequence;
    this.trend = trend;
    this.office = office;
  }

  @Override
  @Nullable PostWire apply(@Nullable PostWire post) {
    if (post == null
        || post.sequence() != sequence
        || post.stage() != Stage.CLUSTERED
        || post.writer() > office
        || trend.equals(post.trendId())) {
      return null;
    }
    post.writer(office);
    post.trend(trend);
    post.revised(stamp());
    return post;
  }
}
