package io.pulsegrid.api.posts;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.call.OneOf;
import io.pulsegrid.api.call.PartOf;
import io.pulsegrid.api.problem.Refusals;
import io.pulsegrid.api.web.Listing;
import io.pulsegrid.api.web.Paging;
import io.pulsegrid.api.web.Reply;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.core.post.Posts;
import jakarta.validation.constraints.NotNull;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Posts for programs. */
@Component
final class PostsOffers implements Offers {
  /**
   * A piece of a stream: its sender cuts it at the ends of lines, the longest of which is 1 MiB.
   */
  private static final int PIECE = 4 << 20;

  private final PostsController controller;
  private final Posts posts;
  private final PostImport imports;
  private final JsonMapper json;

  PostsOffers(PostsController controller, Posts posts, PostImport imports, JsonMapper json) {
    this.controller = controller;
    this.posts = posts;
    this.imports = imports;
    this.json = json;
  }

  record Asked(@NotNull PostFilter filter, @NotNull Paging page) {}

  @Override
  public List<Offer<?>> offers() {
    return List.of(
        Offer.reading(
            "posts.get",
            OneOf.class,
            (caller, one) -> PostView.of(controller.find(caller, one.id()))),
        Offer.reading(
            "posts.list",
            Asked.class,
            (caller, asked) ->
                Listing.of(
                    posts.list(asked.filter().query(caller.workspace()), asked.page().request()),
                    PostView::of)),
        Offer.reading(
            "posts.engagement",
            OneOf.class,
            (caller, one) -> controller.engagement(caller, one.id())),
        Offer.reading(
            "posts.copies",
            PartOf.class,
            (caller, part) -> controller.copies(caller, part.id(), part.page())),
        Offer.writing("posts.import", byte[].class, this::load).repeatable().upTo(PIECE));
  }

  /** The options as JSON on the first line, then lines of NDJSON. */
  private Reply load(Caller caller, byte[] piece) {
    int end = 0;
    while (end < piece.length && piece[end] != '\n') {
      end++;
    }
    if (end == piece.length) {
      throw PulsegridException.of(
          FailureCode.MALFORMED, "an import has its options on the first line, then posts");
    }
    ImportOptions options;
    try {
      options = json.readValue(piece, 0, end, ImportOptions.class);
    } catch (JacksonException unreadable) {
      throw Refusals.unreadableBody(unreadable);
    }
    var lines = new ByteArrayInputStream(piece, end + 1, piece.length - end - 1);
    return Reply.ok(
        ImportAnswer.of(
            imports.read(caller.workspace(), lines, options.read(PostImport.Format.NDJSON))));
  }
}
