package io.pulsegrid.api.pages;

import io.pulsegrid.core.publish.Publishing;
import java.util.List;

/**
 * Everything on the first page.
 *
 * @param alerts channels and webhooks that wait for a person
 * @param firstSteps what a newcomer has not done yet
 */
record Board(
    List<TrendCard> trends,
    List<DeliveryCard> next,
    List<DeliveryCard> wrong,
    List<AlertCard> alerts,
    Publishing.Counts queue,
    List<NodeCard> nodes,
    FirstSteps firstSteps,
    Moment at) {

  /** A node of the grid. */
  record NodeCard(
      String id, String state, String http, Moment since, long pid, int primaries, boolean gpu) {}

  /** What is still missing before anything can happen. */
  record FirstSteps(boolean source, boolean channel) {}
}
