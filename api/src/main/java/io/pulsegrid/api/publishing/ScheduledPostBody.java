package io.pulsegrid.api.publishing;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Series;
import io.pulsegrid.core.time.When;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A scheduled post as a person asks for it. */
@Schema(name = "ScheduledPostRequest")
record ScheduledPostBody(
    @Schema(example = "We are live!") @NotBlank String text,
    @Schema(description = "the ids of channels") @NotEmpty @Size(max = 500)
        List<@NotBlank String> channels,
    @NotNull WhenBody when,
    @Schema(
            description = "the text for a platform, where it differs",
            example = "{\"mastodon\":{\"text\":\"We are live, fediverse!\"}}")
        @Nullable Map<String, @NotNull @Valid Variant> variants,
    @Schema(description = "0 (last) to 9 (first), among those due at once; 5 if absent")
        @Min(0)
        @Max(9)
        @Nullable Integer priority,
    @Schema(description = "how late it may still go out; PT24H if absent", example = "PT24H")
        @Nullable String expiresAfter) {
  static final int MIDDLE = 5;

  @Schema(name = "Variant")
  record Variant(@NotBlank String text) {}

  ScheduledPost.Draft draft() {
    return draft(when::read);
  }

  /** The same body as a series. */
  Series.Plan plan() {
    ScheduledPost.Draft draft = draft(when::beginning);
    return new Series.Plan(draft, when.repeat() == null ? "" : when.repeat().strip());
  }

  private ScheduledPost.Draft draft(Function<Fields, When> time) {
    Fields fields = new Fields();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < channels.size(); i++) {
      if (!seen.add(channels.get(i))) {
        fields.reject("channels[" + i + "]", "is listed twice");
      }
    }
    When moment = time.apply(fields);
    Duration grace = fields.duration("expiresAfter", expiresAfter);
    fields.settle();
    return new ScheduledPost.Draft(
        text,
        channels,
        moment,
        texts(),
        priority == null ? MIDDLE : priority,
        grace == null ? ScheduledPost.DEFAULT_EXPIRES_AFTER : grace);
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    if (variants != null) {
      variants.forEach((platform, variant) -> texts.put(platform, variant.text()));
    }
    return texts;
  }
}
