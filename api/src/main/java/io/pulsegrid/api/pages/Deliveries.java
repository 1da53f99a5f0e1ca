package io.pulsegrid.api.pages;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publishing;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Deliveries told with the words of their posts and the names of their channels. */
@Component
final class Deliveries {
  private static final int ROWS = 8;
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Publishing publishing;
  private final Channels channels;

  Deliveries(Publishing publishing, Channels channels) {
    this.publishing = publishing;
    this.channels = channels;
  }

  /** How much there is of each. */
  Publishing.Counts counts(WorkspaceId workspace) {
    return publishing.counts(workspace);
  }

  /** What goes out next, soonest first. */
  List<DeliveryCard> next(WorkspaceId workspace, Instant now) {
    PageRequest few = new PageRequest(ROWS, null);
    Stream<Delivery> waiting =
        Stream.of(DeliveryState.SCHEDULED, DeliveryState.RETRY, DeliveryState.ARMED)
            .flatMap(
                state -> publishing.listDeliveries(workspace, state, null, few).items().stream());
    return cards(workspace, waiting.sorted(Comparator.comparing(Delivery::dueAt)), now);
  }

  /** What went wrong or is in doubt, latest first. */
  List<DeliveryCard> wrong(WorkspaceId workspace, Instant now) {
    Stream<Delivery> troubled =
        Stream.of(DeliveryState.UNCONFIRMED, DeliveryState.FAILED, DeliveryState.MISSED)
            .flatMap(state -> publishing.latestDeliveries(workspace, state, ROWS).stream());
    return cards(workspace, troubled.sorted(Comparator.comparing(Delivery::dueAt).reversed()), now);
  }

  Optional<DeliveryCard> find(WorkspaceId workspace, String id, Instant now) {
    return publishing
        .findDelivery(workspace, id)
        .flatMap(delivery -> cards(workspace, Stream.of(delivery), now).stream().findFirst());
  }

  private List<DeliveryCard> cards(
      WorkspaceId workspace, Stream<Delivery> deliveries, Instant now) {
    Map<String, Optional<Channel>> known = new HashMap<>();
    return deliveries
        .limit(ROWS)
        .map(
            delivery -> {
              Optional<Channel> channel =
                  known.computeIfAbsent(delivery.channel(), id -> channels.find(workspace, id));
              String platform = channel.map(found -> found.spec().platform()).orElse("");
              ZoneId zone = channel.map(found -> found.spec().zone()).orElse(UTC);
              String text =
                  publishing
                      .find(workspace, delivery.scheduledPost())
                      .map(post -> post.draft().textFor(platform))
                      .orElse("");
              return DeliveryCard.of(
                  delivery,
                  text,
                  channel
                      .map(found -> found.spec().handle() + " on " + platform)
                      .orElse("a channel that is gone"),
                  at -> Moment.of(at, now, zone));
            })
        .toList();
  }
}
