package io.pulsegrid.api.channels;

import io.pulsegrid.api.web.Fields;
import io.pulsegrid.core.publish.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A channel as a person describes it. */
@Schema(name = "ChannelRequest")
record ChannelBody(
    @Schema(
            description =
                "bluesky, devto, facebook, instagram, linkedin, mastodon, reddit or webhook",
            example = "mastodon")
        @NotBlank
        String platform,
    @Schema(example = "@pulse@mastodon.social") @NotBlank @Size(max = 512) String handle,
    @Schema(example = "https://mastodon.social") @NotBlank @Size(max = 2048) String baseUrl,
    @Schema(
            description =
                "what the platform asks for: accessToken, but bluesky appPassword, devto apiKey,"
                    + " webhook secret, reddit accessToken or clientId, clientSecret and"
                    + " refreshToken; beside it linkedin author, instagram userId; and where tokens"
                    + " are to be renewed linkedin refreshToken, clientId and clientSecret, facebook"
                    + " and instagram appId and appSecret. They go in and never come out; left out"
                    + " of a PUT, those kept stay",
            example = "{\"accessToken\":\"...\"}")
        @Nullable Map<String, @NotBlank String> credentials,
    @Schema(description = "the channel's own clock; UTC if absent", example = "Europe/Paris")
        @Nullable String zone,
    @Schema(description = "weekly times at which it likes to speak") @Size(max = 500)
        @Nullable List<@NotNull @Valid Slot> slots,
    @Schema(
            description =
                "true holds everything back; left out of a PUT, it stays, and new credentials end it")
        @Nullable Boolean paused) {

  @Schema(name = "Slot")
  record Slot(
      @Schema(example = "MON") @NotBlank String day,
      @Schema(example = "09:00") @NotBlank String time) {}

  Channel.Spec spec() {
    Fields fields = new Fields();
    URI address = fields.address("baseUrl", baseUrl);
    ZoneId clock = fields.wall("zone", zone);
    List<Channel.Slot> times = new ArrayList<>();
    List<Slot> wished = slots == null ? List.of() : slots;
    for (int i = 0; i < wished.size(); i++) {
      String at = "slots[" + i + "]";
      DayOfWeek day = fields.read(at + ".day", wished.get(i).day(), Days::parse, Days.RULE);
      LocalTime time =
          fields.read(at + ".time", wished.get(i).time(), LocalTime::parse, "a time such as 09:00");
      if (day != null && time != null) {
        times.add(new Channel.Slot(day, time));
      }
    }
    fields.settle();
    return new Channel.Spec(
        platform.strip(),
        handle.strip(),
        address == null ? URI.create("") : address,
        clock == null ? ZoneOffset.UTC : clock,
        times);
  }

  /** The credentials given; null when none were. */
  Channel.@Nullable Credentials secrets() {
    return credentials == null ? null : new Channel.Credentials(credentials);
  }

  /** Everything but the credentials. */
  @Override
  public String toString() {
    return "ChannelBody[" + platform + ", " + handle + ", " + baseUrl + "]";
  }
}
