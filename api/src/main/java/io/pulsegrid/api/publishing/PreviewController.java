package io.pulsegrid.api.publishing;

import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Preview;
import io.pulsegrid.core.publish.ScheduledPost;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/scheduled-posts/preview")
@Tag(name = "scheduled-posts")
final class PreviewController {
  private final Preview.Previews previews;
  private final BatchRows rows;

  PreviewController(Preview.Previews previews, BatchRows rows) {
    this.previews = previews;
    this.rows = rows;
  }

  @PostMapping
  @Operation(
      summary = "Tell what would become of posts",
      description =
          "One as it would be scheduled, or a list: when each would go out, what limit it would"
              + " wait for, how long its text is, what says nearly the same. Changes nothing.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              array = @ArraySchema(schema = @Schema(implementation = ScheduledPostBody.class))))
  PreviewView of(@AuthenticationPrincipal Caller caller, @RequestBody JsonNode body) {
    List<ScheduledPost.Draft> drafts = new ArrayList<>();
    List<List<FieldError>> refused = new ArrayList<>();
    for (BatchRows.Row row : rows.ofOneOrMany(body)) {
      switch (row) {
        case BatchRows.Row.Sound sound -> {
          drafts.add(sound.draft());
          refused.add(List.of());
        }
        case BatchRows.Row.Broken broken -> refused.add(broken.errors());
      }
    }
    return PreviewView.of(previews.of(caller.workspace(), drafts), refused);
  }
}
