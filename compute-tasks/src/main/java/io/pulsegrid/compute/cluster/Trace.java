package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import org.jspecify.annotations.Nullable;

/** What a story remembers of one post that it counted: enough to let it go as it came. */
final class Trace {
  final PostId post;

  /** When it was published, in milliseconds since 1970. */
  final long time;

  final String platform;

  /** What it added to the pulse. */
  final double weight;

  /** Its place in the order of acceptance; another one once it was reworded. */
  long sequence;

  /** The kept exemplar that is nearest to it; null where nothing says which. */
  @Nullable Exemplar behind;

  Trace(
      PostId post,
      long sequence,
      long time,
      String platform,
      double weight,
      @Nullable Exemplar behind) {
    this.post = post;
    this.sequence = sequence;
    this.time = time;
    this.platform = platform;
    this.weight = weight;
    this.behind = behind;
  }
}
