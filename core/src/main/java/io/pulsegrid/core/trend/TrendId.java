package io.pulsegrid.core.trend;

import io.pulsegrid.core.post.PostId;

/** A trend's id: that of the post which began it, so that every node and every replay agrees. */
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

  @Override
  public String toString() {
    return value;
  }
}
