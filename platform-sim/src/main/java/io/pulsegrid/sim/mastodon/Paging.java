package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.RequestRefused;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which part of a timeline a client wants.
 *
 * @param maxId only what is older
 * @param sinceId only what is newer
 * @param minId only what is newer, and of that the oldest
 */
record Paging(Optional<Long> maxId, Optional<Long> sinceId, Optional<Long> minId, int limit) {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MOST = 40;
  private static final Set<String> PLACES = Set.of("max_id", "since_id", "min_id");

  static Paging of(Request request) {
    int limit = number(request, "limit").map(Long::intValue).orElse(DEFAULT_LIMIT);
    return new Paging(
        number(request, "max_id"),
        number(request, "since_id"),
        number(request, "min_id"),
        Math.clamp(limit, 1, MOST));
  }

  boolean covers(Status status) {
    return maxId.map(id -> status.id() < id).orElse(true)
        && sinceId.map(id -> status.id() > id).orElse(true)
        && minId.map(id -> status.id() > id).orElse(true);
  }

  /** The Link header to what lies on both sides of a page; empty for an empty page. */
  static Optional<String> links(Request request, List<Status> page) {
    if (page.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        link(request, "max_id", page.getLast(), "next")
            + ", "
            + link(request, "min_id", page.getFirst(), "prev"));
  }

  private static String link(Request request, String place, Status status, String rel) {
    String kept =
        request.query().entrySet().stream()
            .filter(it -> !PLACES.contains(it.getKey()))
            .map(Paging::encode)
            .collect(Collectors.joining());
    return "<%s%s?%s%s=%d>; rel=\"%s\""
        .formatted(request.base(), request.path(), kept, place, status.id(), rel);
  }

  private static String encode(Map.Entry<String, List<String>> parameter) {
    return parameter.getValue().stream()
        .map(
            value ->
                parameter.getKey() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8) + "&")
        .collect(Collectors.joining());
  }

  private static Optional<Long> number(Request request, String name) {
    return request
        .query(name)
        .map(
            value -> {
              try {
                return Long.parseLong(value);
              } catch (NumberFormatException e) {
                throw new RequestRefused(400, name + " must be a number, was " + value, e);
              }
            });
  }
}
