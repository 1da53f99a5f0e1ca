package io.pulsegrid.core.source;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.IncomingPost;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of source is read. Stateless; safe for use by many threads; blocks while it waits.
 */
public interface Collector {
  /** The kind, as a source names it. */
  String kind();

  /** What is wrong with a spec of this kind; empty when it can be collected. */
  List<FieldError> check(Source.Spec spec, Source.Credentials credentials);

  /** What a collector that opens nothing says of credentials. */
  default List<FieldError> unneeded(Source.Credentials credentials) {
    return credentials.values().keySet().stream()
        .sorted()
        .map(
            name ->
                new FieldError("credentials." + name, "is not known: " + kind() + " needs none"))
        .toList();
  }

  /** Reads what is new. Never throws for what the network or the source does. */
  Result collect(Call call);

  /**
   * What one visit is to do.
   *
   * @param from where the last one ended
   */
  record Call(
      String sourceId, Source.Spec spec, Source.Credentials credentials, Source.Position from) {}

  /** What a visit brought. */
  sealed interface Result {
    /**
     * Posts, possibly none.
     *
     * @param next where to go on once these are stored
     * @param rejected entries that cannot be posts, with the reason
     * @param movedTo the permanent new address (301, 308)
     */
    record Collected(
        List<IncomingPost> posts,
        Source.Position next,
        List<String> rejected,
        @Nullable URI movedTo)
        implements Result {
      public Collected {
        posts = List.copyOf(posts);
        rejected = List.copyOf(rejected);
      }
    }

    /** Nothing new since the last visit (304). */
    record NotModified() implements Result {}

    /**
     * The limit of whoever is asked leaves nothing just now: no fault of the source's.
     *
     * @param until when to come again
     */
    record Held(String detail, Instant until) implements Result {}

    /** The source asks never to be visited again (410). */
    record Gone(String detail) implements Result {}

    /**
     * No answer that can be used.
     *
     * @param retryAfter what the source asked for; null if it did not
     */
    record Failed(String detail, @Nullable Duration retryAfter) implements Result {}
  }
}
