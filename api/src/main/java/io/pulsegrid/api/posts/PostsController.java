package io.pulsegrid.api.posts;

import io.pulsegrid.api.web.Answers;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Utf8;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.EngagementHistory;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.core.post.Posts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/posts")
@Tag(name = "posts", description = "What the world said")
final class PostsController {
  private static final String NDJSON = "application/x-ndjson";
  private static final String CSV = "text/csv";

  private final Posts posts;
  private final EngagementHistory history;
  private final PostImport imports;
  private final Answers answers;

  PostsController(Posts posts, EngagementHistory history, PostImport imports, Answers answers) {
    this.posts = posts;
    this.history = history;
    this.imports = imports;
    this.answers = answers;
  }

  @PostMapping(
      path = "/import",
      consumes = {NDJSON, CSV},
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Import posts",
      description =
          "A stream of any size, a line up to 1 MiB. What is counted as accepted is stored durably;"
              + " importing again is harmless.")
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = NDJSON,
            schema = @Schema(type = "string"),
            examples =
                @ExampleObject(
                    "{\"platform\":\"hackernews\",\"nativeId\":\"8863\",\"title\":\"My YC"
                        + " app\",\"engagement\":{\"likes\":111}}")),
        @Content(
            mediaType = CSV,
            schema = @Schema(type = "string"),
            examples = @ExampleObject("nativeId,title,likes\n8863,My YC app,111"))
      })
  ImportAnswer load(
      @AuthenticationPrincipal Caller caller,
      @ParameterObject @ModelAttribute ImportOptions options,
      HttpServletRequest request)
      throws IOException, HttpMediaTypeNotSupportedException {
    MediaType type = Utf8.typeOf(request);
    PostImport.Format format =
        type.getSubtype().equals("csv") ? PostImport.Format.CSV : PostImport.Format.NDJSON;
    return ImportAnswer.of(
        imports.read(caller.workspace(), request.getInputStream(), options.read(format)));
  }

  @GetMapping
  @Operation(summary = "List posts", description = "Newest publishedAt first.")
  Listing<PostView> list(
      @AuthenticationPrincipal Caller caller,
      @ParameterObject @ModelAttribute PostFilter filter,
      @ParameterObject @ModelAttribute Paging paging) {
    return Listing.of(posts.list(filter.query(caller.workspace()), paging.request()), PostView::of);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a post")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = PostView.class)))
  ResponseEntity<byte[]> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return answers.single(null, PostView.of(find(caller, id)));
  }

  @GetMapping("/{id}/engagement")
  @Operation(
      summary = "Tell how a post's engagement grew",
      description =
          "Oldest first, as it was read: when the post was collected, and ever more seldom while it"
              + " is young. The latest 1,000. virality tells whether it grows beyond what is usual.")
  EngagementView engagement(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    Post post = find(caller, id);
    return EngagementView.of(post.publishedAt(), history.ofPost(post.id()));
  }

  @GetMapping("/{id}/copies")
  @Operation(
      summary = "List a post's near-duplicates",
      description =
          "Newest publishedAt first. The first page tells how many there are, and what post and"
              + " copies were answered with together. A copy has none of its own: its duplicateOf"
              + " names the original.")
  CopyListing copies(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @ParameterObject @ModelAttribute Paging paging) {
    PageRequest page = paging.request();
    Post original = find(caller, id);
    // Counting goes through all copies: not once more with every page.
    return page.cursor() == null
        ? CopyListing.first(posts.spread(original), posts.copies(original, page))
        : CopyListing.further(posts.copies(original, page));
  }

  Post find(Caller caller, String id) {
    if (!PostId.isValid(id)) {
      throw PulsegridException.notFound("post", id);
    }
    return posts
        .find(caller.workspace(), new PostId(id))
        .orElseThrow(() -> PulsegridException.notFound("post", id));
  }
}
