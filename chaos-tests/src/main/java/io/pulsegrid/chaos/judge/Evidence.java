package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.node.Store;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What outsiders see at one moment.
 *
 * @param storedPosts native ids of the posts that have a row
 * @param states of deliveries, by scheduled post
 * @param arrivals what the platforms have
 */
record Evidence(Set<String> storedPosts, Map<String, String> states, Arrivals arrivals) {
  static Evidence gather(Store store, String platform, URI sim) throws SQLException, IOException {
    Set<String> stored =
        new HashSet<>(
            store.column("SELECT native_id FROM post WHERE platform = '" + platform + "'"));
    Map<String, String> states = new HashMap<>();
    for (String row : store.column("SELECT scheduled_post || ' ' || state FROM delivery")) {
      int space = row.indexOf(' ');
      states.put(row.substring(0, space), row.substring(space + 1));
    }
    return new Evidence(stored, states, Arrivals.at(sim));
  }
}
