package io.pulsegrid.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A collected or imported post.
 *
 * @param stage how far the grid is with it: {@code COLLECTED}, {@code EMBEDDED}, {@code INDEXED},
 *     {@code CLUSTERED}
 * @param duplicateOf the post that it nearly repeats
 */
public record Post(
    String id,
    String platform,
    String nativeId,
    @Nullable String url,
    @Nullable String author,
    @Nullable String title,
    @Nullable String text,
    Instant publishedAt,
    @Nullable String lang,
    @Nullable String category,
    List<String> tags,
    Engagement engagement,
    Instant collectedAt,
    String stage,
    @Nullable String duplicateOf,
    @Nullable String trendId,
    @Nullable String source) {}
