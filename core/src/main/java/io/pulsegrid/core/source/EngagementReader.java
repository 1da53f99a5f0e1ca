package io.pulsegrid.core.source;

import io.pulsegrid.core.post.Engagement;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one platform is asked again what became of posts. Stateless; safe for use by many threads;
 * blocks while it waits.
 */
public interface EngagementReader {
  /** The platform, as posts and channels name it. */
  String platform();

  /** How many posts it takes at once. */
  int mostAtOnce();

  /** Asks for the counts of up to {@link #mostAtOnce()} posts. Never throws for what happens. */
  Answer read(Account account, List<Subject> subjects);

  /**
   * Where to ask, and in whose name.
   *
   * @param id the source or channel: its silences are its own
   * @param url any address of the platform's API: a source's, or a channel's base
   * @param handle the account's name on the platform; empty where there is none
   */
  record Account(String id, URI url, String handle, Source.Credentials credentials) {}

  /**
   * A post to ask about.
   *
   * @param nativeId as the collector of the platform gives it, or as the platform named what was
   *     published there
   */
  record Subject(String nativeId, @Nullable String url) {}

  /** What asking brought. */
  sealed interface Answer {
    /**
     * The counts by native id. What is in neither set was not answered this time.
     *
     * @param gone what the platform knows no longer
     */
    record Counted(Map<String, Engagement> counts, Set<String> gone) implements Answer {
      public Counted {
        counts = Map.copyOf(counts);
        gone = Set.copyOf(gone);
      }
    }

    /** The platform's limit leaves nothing before {@code until}. */
    record Held(String detail, Instant until) implements Answer {}

    /** No answer that can be used. */
    record Failed(String detail) implements Answer {}
  }
}
