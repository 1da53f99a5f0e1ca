package io.pulsegrid.node.launch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The time that a workspace's trends are judged by: that of its newest post. */
final class RadarTime {
  private static final String OWN_WORKSPACE =
      "to relive it, make a workspace of its own (POST /api/v1/workspaces {\"id\":\"relived\"})"
          + " and a key for that (POST /api/v1/keys {\"name\":\"relived\",\"scopes\":[\"write\"],"
          + "\"workspace\":\"relived\"}), and give it as --key";

  private RadarTime() {}

  /**
   * What is to be said before posts are replayed that all lie before that time.
   *
   * @param newest the workspace's posts, newest first
   * @param last when the last of the posts to replay was published
   */
  static Optional<String> warning(JsonNode newest, Instant last) {
    JsonNode post = newest.path("items").path(0);
    if (post.isMissingNode()) {
      return Optional.empty();
    }
    Instant published = Instant.parse(post.path("publishedAt").asString());
    Instant collected = Instant.parse(post.path("collectedAt").asString());
    // What is dated ahead counts as posted when it came.
    Instant reached = published.isBefore(collected) ? published : collected;
    return last.isBefore(reached)
        ? Optional.of(
            ("no trend of this file will emerge: this workspace has posts up to %s already, when all"
                    + " that the file tells of was over; %s")
                .formatted(reached.truncatedTo(ChronoUnit.SECONDS), OWN_WORKSPACE))
        : Optional.empty();
  }
}
