package io.pulsegrid.core.trend;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;

/**
 * A trend's id, on which every node and every replay agrees: that of the post which began it, or,
 * where it was split from another, one that follows from that trend and the post it was split at.
 */
public record TrendId(String value) {
  public TrendId {
    if (!PostId.isValid(value)) {
      throw new IllegalArgumentException("a trend id is 26 of a-z and 2-7, was " + value);
    }
  }

  /** The id of the trend that a post begins. */
  public static TrendId begunBy(PostId first) {
    return new TrendId(first.value());
  }

  /** The id of the trend that leaves another when a post has joined that. */
  public static TrendId splitFrom(WorkspaceId workspace, TrendId whole, PostId at) {
    // No platform has a space in its name: this is no post's id, and so none that begins a trend.
    return new TrendId(PostId.of(workspace, "split of " + whole.value(), at.value()).value());
  }

  @Override
  public String toString() {
    return value;
  }
}
