package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.Trends;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** A trend's page with its posts. */
@Controller
final class StoryController {
  private static final int ROWS = 20;

  private final Trends trends;
  private final Posts posts;
  private final InstantSource clock;

  StoryController(Trends trends, Posts posts, InstantSource clock) {
    this.trends = trends;
    this.posts = posts;
    this.clock = clock;
  }

  @GetMapping("/trends/{id}")
  String trend(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String cursor,
      Model model) {
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("trend", id);
    }
    Trend trend =
        trends
            .find(caller.workspace(), new TrendId(id))
            .orElseThrow(() -> PulsegridException.notFound("trend", id));
    Page<Post> page =
        posts.list(
            new Posts.Query(caller.workspace(), null, null, null, null, trend.id()),
            new PageRequest(ROWS, cursor));
    Instant now = clock.instant();
    model.addAttribute("trend", TrendCard.of(trend, trend.score(), now));
    model.addAttribute("posts", page.map(post -> PostCard.of(post, now)).items());
    model.addAttribute("next", page.next());
    return "trend";
  }
}
