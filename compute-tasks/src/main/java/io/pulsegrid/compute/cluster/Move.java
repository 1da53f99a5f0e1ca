package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;

/**
 * A post that left its trend with the part that became another.
 *
 * @param sequence its place in the order of acceptance: with another one it was reworded since, and
 *     clustered anew
 * @param to the trend that counts it now
 */
public record Move(PostId post, long sequence, TrendId to) {}
