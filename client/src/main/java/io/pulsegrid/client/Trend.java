package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A story told by many posts.
 *
 * @param score how strongly it rises now
 * @param platforms posts a platform
 */
public record Trend(
    String id,
    String label,
    List<String> keywords,
    String summary,
    String state,
    double score,
    long postCount,
    Map<String, Long> platforms,
    Instant firstSeen,
    Instant lastSeen) {}
