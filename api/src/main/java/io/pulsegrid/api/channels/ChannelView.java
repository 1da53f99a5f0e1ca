package io.pulsegrid.api.channels;

import io.pulsegrid.core.publish.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A channel as it is shown: everything but its credentials. */
@Schema(name = "Channel")
record ChannelView(
    String id,
    @Schema(example = "mastodon") String platform,
    String handle,
    URI baseUrl,
    @Schema(example = "Europe/Paris") String zone,
    List<SlotView> slots,
    boolean paused,
    @Schema(
            description =
                "whose account the credentials open, as the platform says; null until it did")
        @Nullable String account,
    Instant createdAt) {

  @Schema(name = "SlotView")
  record SlotView(@Schema(example = "MON") String day, @Schema(example = "09:00") String time) {}

  static ChannelView of(Channel channel) {
    Channel.Spec spec = channel.spec();
    return new ChannelView(
        channel.id(),
        spec.platform(),
        spec.handle(),
        spec.baseUrl(),
        spec.zone().getId(),
        spec.slots().stream()
            .map(slot -> new SlotView(Days.brief(slot.day()), slot.time().toString()))
            .toList(),
        channel.paused(),
        channel.account(),
        channel.createdAt());
  }
}
