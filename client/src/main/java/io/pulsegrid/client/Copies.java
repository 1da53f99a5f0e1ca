package io.pulsegrid.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a post's near-duplicates, newest first; the first page tells what they come to.
 *
 * @param copies how many posts nearly repeat it; null on later pages
 * @param reach how the world answered the post and its copies together; null on later pages
 * @param next where the next page begins; null on the last one
 */
public record Copies(
    @Nullable Long copies, @Nullable Engagement reach, List<Post> items, @Nullable String next) {
  public Copies {
    items = List.copyOf(items);
  }
}
