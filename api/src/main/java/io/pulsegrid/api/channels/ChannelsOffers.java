package io.pulsegrid.api.channels;

import io.pulsegrid.api.call.Offer;
import io.pulsegrid.api.call.Offers;
import io.pulsegrid.api.web.Paging;
import java.util.List;
import org.springframework.stereotype.Component;

/** The channels that a program may schedule on. */
@Component
final class ChannelsOffers implements Offers {
  private final ChannelsController controller;

  ChannelsOffers(ChannelsController controller) {
    this.controller = controller;
  }

  @Override
  public List<Offer<?>> offers() {
    return List.of(Offer.reading("channels.list", Paging.class, controller::list));
  }
}
