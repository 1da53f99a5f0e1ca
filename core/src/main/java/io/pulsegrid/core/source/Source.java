package io.pulsegrid.core.source;

import io.pulsegrid.core.access.WorkspaceId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place that is collected again and again. */
public record Source(
    String id,
    WorkspaceId workspace,
    Spec spec,
    Position position,
    Health health,
    long version,
    Instant createdAt) {

  /**
   * What a person asked for.
   *
   * @param kind such as {@code feed} or {@code hackernews}
   * @param url the feed's address, or what is asked of an API, such as {@code
   *     https://hacker-news.firebaseio.com/v0/topstories.json}
   * @param priority 0 (last) to 9 (first), for sources due at once
   */
  public record Spec(String kind, URI url, Schedule schedule, int priority) {
    public Spec {
      if (priority < 0 || priority > 9) {
        throw new IllegalArgumentException("priority must be 0 to 9, was " + priority);
      }
    }
  }

  /**
   * The secrets that open a source, such as {@code apiKey}; none for one that is open to all. Never
   * part of the source itself, never printed.
   *
   * @param values by name
   */
  public record Credentials(Map<String, String> values) {
    public static final Credentials NONE = new Credentials(Map.of());

    public Credentials {
      values = Map.copyOf(values);
    }

    /** The secret of that name; empty if there is none. */
    public String value(String name) {
      return values.getOrDefault(name, "");
    }

    @Override
    public String toString() {
      return "Credentials" + values.keySet();
    }
  }

  /**
   * Where collecting goes on: kept only once what was collected is stored.
   *
   * @param cursor the collector's own mark, opaque to everyone else
   */
  public record Position(
      @Nullable String cursor, @Nullable String etag, @Nullable String lastModified) {
    public static final Position START = new Position(null, null, null);
  }

  /** How it has been going. */
  public record Health(
      Status status,
      int failuresInRow,
      @Nullable String lastError,
      @Nullable Instant lastCollectedAt,
      @Nullable Instant notBefore) {
    public static final Health NEW = new Health(Status.ACTIVE, 0, null, null, null);
  }

  /** Whether a source is collected. */
  public enum Status {
    ACTIVE,
    /** The last tries failed; still tried. */
    FAILING,
    /** The source said that it is gone (410): never tried again unless a person edits it. */
    GONE
  }
}
