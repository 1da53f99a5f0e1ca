package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A post as clustering sees it.
 *
 * @param sequence its place in the order of acceptance; members are added in this order
 * @param publishedAt never later than it came: one date ahead of all would end every other trend
 * @param wording title and text, a line break between
 * @param vector of unit length; null for a duplicate, and where embedding failed
 * @param duplicateOf the original that this post repeats; null for an original
 * @param engagement likes, comments and shares together
 */
@SuppressWarnings(
    "ArrayRecordComponent") // handed over, never compared: a copy a post would be waste
public record Member(
    PostId id,
    long sequence,
    Instant publishedAt,
    String platform,
    String wording,
    float @Nullable [] vector,
    @Nullable PostId duplicateOf,
    long engagement) {}
