package io.pulsegrid.api.call;

import java.util.List;

/** What a feature offers to programs. */
public interface Offers {
  /** Its operations, each by a name that no other feature has. */
  List<Offer<?>> offers();
}
