package io.pulsegrid.node.listen;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.node.grid.GridConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteFutureTimeoutException;
import org.jspecify.annotations.Nullable;

/** The pages of searches: where a cursor goes on, and what it goes on with. */
final class SearchPages {
  /** How deep a page may reach; beyond, a filter serves better than paging. */
  static final int MOST = 10_000;

  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Ignite ignite;
  private final KeptOrders kept;

  SearchPages(Ignite ignite, KeptOrders kept) {
    this.ignite = ignite;
    this.kept = kept;
  }

  /**
   * Where a page begins.
   *
   * @param node that keeps the order, under {@code number}
   */
  record Place(UUID node, long number, int offset) {
    /** That of a request; null for the first page. */
    static @Nullable Place of(PageRequest page) {
      String cursor = page.cursor();
      if (cursor == null) {
        return null;
      }
      List<String> keys = Cursor.decode(cursor, 3);
      return new Place(
          Cursor.uuid(keys.get(0)),
          Cursor.whole(keys.get(1), Long.MAX_VALUE),
          (int) Cursor.whole(keys.get(2), MOST));
    }
  }

  /** What is asked, but for the page. */
  static String question(SearchQuery query) {
    return new SearchQuery(
            query.text(),
            query.like(),
            query.mode(),
            query.filter(),
            new SearchQuery.Also(query.also().facets(), false),
            PageRequest.first())
        .toString();
  }

  /**
   * The order that a page goes on with.
   *
   * @throws PulsegridException {@code MALFORMED} where it is not kept any more, or another's
   */
  SearchOrder order(Place place, SearchQuery query) {
    SearchOrder order =
        find(place)
            .orElseThrow(
                () ->
                    Cursor.outlived(
                        "the search that it goes on with is no longer kept: it is for ten minutes"
                            + " after its last page, while the node that answered it lives"));
    if (!order.question().equals(question(query))) {
      throw Cursor.outlived("it belongs to another search");
    }
    return order;
  }

  /**
   * Where the next page begins.
   *
   * @param place where this page began, if it is not the first
   * @param same whether the order is the one kept there still
   */
  String next(@Nullable Place place, SearchOrder order, boolean same, int end) {
    UUID here = ignite.cluster().localNode().id();
    long number =
        place != null && same && place.node().equals(here) ? place.number() : kept.keep(order);
    return Cursor.encode(here, number, end);
  }

  private Optional<SearchOrder> find(Place place) {
    if (place.node().equals(ignite.cluster().localNode().id())) {
      return kept.find(place.number());
    }
    ClusterNode node = ignite.cluster().node(place.node());
    if (node == null) {
      return Optional.empty();
    }
    IgniteFuture<List<SearchOrder>> asked =
        ignite
            .compute(ignite.cluster().forNode(node))
            .withNoFailover()
            .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
            .callAsync(new KeptOrderJob(place.number()));
    try {
      return asked.get(PATIENCE.toMillis()).stream().findFirst();
    } catch (IgniteFutureTimeoutException e) {
      asked.cancel();
      throw PulsegridException.unavailable(
          "the node that keeps the search does not answer just now", Duration.ofSeconds(2), e);
    } catch (IgniteException e) {
      return Optional.empty(); // it has left
    }
  }
}
