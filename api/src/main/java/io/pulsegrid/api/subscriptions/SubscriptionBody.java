package io.pulsegrid.api.subscriptions;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Target;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A subscription as a person describes it; a trend must meet all that is given. */
@Schema(name = "SubscriptionRequest")
record SubscriptionBody(
    @Schema(
            description = "words that all stand in its label, keywords or summary, in any case",
            example = "rust kernel")
        @Size(max = 200)
        @Nullable String keyword,
    @Schema(
            description = "what it is about, in meaning rather than words",
            example = "earthquakes and rescue work")
        @Size(max = 1000)
        @Nullable String query,
    @Schema(description = "one that it has posts on", example = "hackernews")
        @Pattern(regexp = "[a-z0-9_-]{1,32}", message = "must be 1 to 32 of a-z, 0-9, _ and -")
        @Nullable String platform,
    @Schema(description = "its score at the least; any if absent", example = "3") @PositiveOrZero
        @Nullable Double minScore,
    @Schema(
            description =
                "who is told: a webhook's id, or a web address, which is given a webhook of its"
                    + " own; if absent, the stream of events and webhooks that listen to alerts",
            example = "https://example.org/trends")
        @Size(max = 2048)
        @Nullable String target) {

  Subscription.Spec spec() {
    Fields fields = new Fields();
    String word = fields.read("keyword", keyword, SubscriptionBody::wording, "words or numbers");
    Target to =
        isAddress(target)
            ? address(fields)
            : fields.read("target", target, Target.OfWebhook::new, "an id");
    Double score = minScore;
    if (score != null && !Double.isFinite(score)) {
      fields.reject("minScore", "must be a number");
    }
    fields.settle();
    return new Subscription.Spec(
        new Subscription.Wanted(word, given(query), platform, score == null ? 0 : score), to);
  }

  private @Nullable Target address(Fields fields) {
    URI url = fields.address("target", target);
    return url == null ? null : new Target.Address(url);
  }

  private static boolean isAddress(@Nullable String target) {
    return target != null && target.contains(":");
  }

  private static String wording(String text) {
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new IllegalArgumentException("no word in it");
    }
    return text.strip();
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
