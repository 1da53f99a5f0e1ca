package io.pulsegrid.api.webhooks;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.telling.Webhook;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A webhook as a person describes it. */
@Schema(name = "WebhookRequest")
record WebhookBody(
    @Schema(example = "https://example.org/pulsegrid") @NotBlank @Size(max = 2048) String url,
    @Schema(
            description =
                "what it is told of: deliveries at each change, alerts, trends at each turn of their"
                    + " history, posts as they come",
            allowableValues = {"delivery", "alert", "trend", "post"},
            example = "[\"delivery\",\"alert\"]")
        @NotEmpty
        @Size(max = 10)
        List<@NotBlank String> events,
    @Schema(
            description =
                "what calls are signed with, 24 to 256 bytes: printable ASCII without blanks, or"
                    + " Base64 behind whsec_; made and shown once if absent")
        @Nullable String secret) {
  Webhook.Spec spec() {
    Fields fields = new Fields();
    URI address = fields.address("url", url);
    Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
    for (int i = 0; i < events.size(); i++) {
      EventKind kind =
          fields.read(
              "events[" + i + "]",
              events.get(i),
              EventKind::read,
              "one of delivery, alert, trend, post");
      if (kind != null) {
        kinds.add(kind);
      }
    }
    fields.settle();
    return new Webhook.Spec(address == null ? URI.create("") : address, kinds);
  }

  /** Everything but the secret. */
  @Override
  public String toString() {
    return "WebhookBody[" + url + ", " + events + "]";
  }
}
