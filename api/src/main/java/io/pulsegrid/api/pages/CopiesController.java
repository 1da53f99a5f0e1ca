package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** A post's page with those that say nearly the same. */
@Controller
final class CopiesController {
  private static final int ROWS = 20;

  private final Posts posts;
  private final InstantSource clock;

  CopiesController(Posts posts, InstantSource clock) {
    this.posts = posts;
    this.clock = clock;
  }

  @GetMapping("/posts/{id}/copies")
  String copies(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("post", id);
    }
    Post original =
        posts
            .find(caller.workspace(), new PostId(id))
            .orElseThrow(() -> PulsegridException.notFound("post", id));
    Page<Post> page = posts.copies(original, new PageRequest(ROWS, cursor));
    Posts.Spread spread = posts.spread(original);
    Instant now = clock.instant();
    PostCard card = PostCard.of(original, now);
    model.addAttribute("title", card.title());
    model.addAttribute("original", List.of(card));
    model.addAttribute("spread", spread);
    model.addAttribute("copies", page.map(post -> PostCard.of(post, now)).items());
    model.addAttribute("next", page.next());
    return "copies";
  }
}
