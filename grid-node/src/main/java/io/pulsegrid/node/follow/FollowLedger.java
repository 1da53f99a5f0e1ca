package io.pulsegrid.node.follow;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is followed, and what was read, as Postgres has it. A claim makes a reading happen once in
 * the whole grid; its fence keeps whoever lost it from writing over a later one. A node's death
 * costs the wait for the claim to lapse.
 */
public interface FollowLedger {
  /** With whose address and credentials a platform is asked. */
  sealed interface Asker {
    String id();

    /** Those of the source that collected the post. */
    record OfSource(String id) implements Asker {}

    /** Those of the channel that the post went out on. */
    record OfChannel(String id) implements Asker {}
  }

  /**
   * A post that is followed.
   *
   * @param subject a collected post's id, or a delivery's
   */
  record Followed(
      String subject,
      WorkspaceId workspace,
      String platform,
      String nativeId,
      @Nullable String url,
      Asker asker,
      Instant publishedAt) {}

  /** A followed post that is claimed. */
  record Claimed(Followed post, long fence) {}

  /** Posts of one platform and one asker whose readings are due. */
  record Batch(String platform, Asker asker, List<Claimed> posts) {
    public Batch {
      posts = List.copyOf(posts);
    }
  }

  /**
   * Follows posts that are not followed yet, and keeps what is known of them already. One without a
   * reading here that has one from before was followed to its end, or is gone, and is left alone.
   *
   * @param readings by subject; of posts that are too old to be followed too
   */
  void begin(Map<Followed, Instant> firstDue, Map<String, Engagement> readings);

  /**
   * Follows what was published since this was last asked, on any node.
   *
   * @param follow how long posts of a platform are followed; platforms that are absent are not
   * @return how many posts are followed that were not before
   */
  int beginPublished(Map<String, Duration> follow);

  /**
   * Claims what is due the longest, with all that can be asked for at once.
   *
   * @param mostAtOnce by platform; others are not claimed
   * @param spared askers to leave alone
   */
  Optional<Batch> claim(Map<String, Integer> mostAtOnce, Collection<Asker> spared, Duration lease);

  /** What becomes of a claimed post: a reading or none, and the next time or none. */
  record Settled(Claimed claimed, @Nullable Engagement reading, @Nullable Instant next) {}

  /** Writes readings and next times, where the claim still stands; how many did. */
  int settle(List<Settled> settled);

  /** How late the oldest reading is; zero when none is. */
  Duration lag();

  /** A subject's readings, oldest first; the latest 1,000. */
  List<Reading> readings(String subject);

  /** Forgets up to {@code limit} readings older than {@code age}; how many. */
  int forget(Duration age, int limit);
}
