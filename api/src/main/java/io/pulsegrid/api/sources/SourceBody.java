package io.pulsegrid.api.sources;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.source.Sources;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A source as a person describes it. */
@Schema(
    name = "SourceRequest",
    example =
        """
        {"kind":"feed","url":"https://example.org/feed.xml","every":"5m","priority":5}""")
record SourceBody(
    @Schema(
            description = "bluesky, devto, feed, github, hackernews, mastodon, reddit or youtube",
            example = "feed")
        @NotBlank
        String kind,
    @Schema(example = "https://example.org/feed.xml") @NotBlank @Size(max = 2048) String url,
    @Schema(
            description =
                "an interval, 5m or PT5M; what is usual for the kind if neither it nor cron is given",
            example = "5m")
        @Nullable String every,
    @Schema(
            description = "a Quartz cron expression in UTC, instead of every",
            example = "0 0/15 8-18 * * ?")
        @Size(max = 200)
        @Nullable String cron,
    @Schema(
            description =
                "0 (last) to 9 (first), for sources due at once; what is usual for the kind if absent")
        @Min(0)
        @Max(9)
        @Nullable Integer priority,
    @Schema(
            description =
                "what opens the source, by kind: youtube apiKey or accessToken; reddit clientId and"
                    + " clientSecret, with refreshToken or without, or accessToken; mastodon and"
                    + " github accessToken if any; bluesky identifier and appPassword if any; devto"
                    + " apiKey if any. They go in and never come out; left out of a PUT, those kept"
                    + " stay",
            example = "{\"apiKey\":\"...\"}")
        @Nullable Map<String, @NotBlank String> credentials) {
  /** The credentials given; null when none were. */
  Source.@Nullable Credentials secrets() {
    return credentials == null ? null : new Source.Credentials(credentials);
  }

  /** Everything but the credentials. */
  @Override
  public String toString() {
    return "SourceBody[" + kind + ", " + url + "]";
  }

  /**
   * The spec this asks for.
   *
   * @param usual what a kind starts from
   */
  Source.Spec spec(Function<String, Sources.Usual> usual) {
    Fields fields = new Fields();
    URI address = fields.address("url", url);
    Duration interval = fields.duration("every", every);
    boolean byCron = cron != null && !cron.isBlank();
    if (byCron && every != null) {
      fields.reject("cron", "cannot stand beside every: choose one");
    }
    fields.settle();
    Sources.Usual unsaid = usual.apply(kind.strip());
    Schedule schedule =
        cron != null && byCron
            ? new Schedule.Cron(cron.strip())
            : interval == null ? unsaid.schedule() : new Schedule.Every(interval);
    return new Source.Spec(
        kind.strip(),
        address == null ? URI.create("") : address,
        schedule,
        priority == null ? unsaid.priority() : priority);
  }
}
