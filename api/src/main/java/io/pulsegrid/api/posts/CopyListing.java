package io.pulsegrid.api.posts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.Posts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a post's near-duplicates; the first page tells what they come to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CopyListing(
    @Schema(description = "how many posts nearly repeat it; on the first page")
        @Nullable Long copies,
    @Schema(description = "how the world answered it and its copies together; on the first page")
        PostView.@Nullable Counts reach,
    List<PostView> items,
    @Schema(description = "the cursor of the next page; absent on the last one")
        @Nullable String next) {
  CopyListing {
    items = List.copyOf(items);
  }

  static CopyListing first(Posts.Spread spread, Page<Post> page) {
    return new CopyListing(
        spread.copies(), PostView.Counts.of(spread.reach()), items(page), page.next());
  }

  static CopyListing further(Page<Post> page) {
    return new CopyListing(null, null, items(page), page.next());
  }

  private static List<PostView> items(Page<Post> page) {
    return page.items().stream().map(PostView::of).toList();
  }
}
