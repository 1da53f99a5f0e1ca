package io.pulsegrid.bench;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What programs and people ask of a grid that holds posts, mixed: of a hundred requests 74 read, 16
 * search and 10 write, in an order that chance gave and that is the same in every run; each node
 * has its turn.
 */
final class RestMix {
  static final String POST = "post";
  static final String WORDS = "search, words";
  static final String HYBRID = "search, both";
  static final String TRENDS = "trends";
  static final String TREND = "trend";
  static final String DELIVERIES = "deliveries";
  static final String SCHEDULE = "schedule";
  static final String IMPORT = "import of 5";

  /** How many of a hundred. */
  private enum Kind {
    POSTS(POST, 46),
    TEXT_SEARCHES(WORDS, 12),
    HYBRID_SEARCHES(HYBRID, 4),
    TREND_LISTS(TRENDS, 10),
    ONE_TREND(TREND, 8),
    DELIVERY_LISTS(DELIVERIES, 10),
    SCHEDULES(SCHEDULE, 8),
    IMPORTS(IMPORT, 2);

    private final String label;
    private final int share;

    Kind(String label, int share) {
      this.label = label;
      this.share = share;
    }
  }

  private static final Instant DUE = Instant.parse("2030-01-01T12:00:00Z");
  private static final Pattern TREND_ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final int IN_AN_IMPORT = 5;
  private static final int CHANNELS = 20;

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<Kind> hundred =
      Arrays.stream(Kind.values())
          .flatMap(kind -> IntStream.range(0, kind.share).mapToObj(_ -> kind))
          .toList();
  private final GridUnderTest grid;
  private final List<String> texts;
  private final List<String> trends;
  private final List<String> channels;
  private int written;

  private RestMix(
      GridUnderTest grid, List<String> texts, List<String> trends, List<String> channels) {
    this.grid = grid;
    this.texts = texts;
    this.trends = trends;
    this.channels = channels;
  }

  /**
   * A mix for a grid that holds these posts, as {@link FilledStore} numbers them.
   *
   * @param platform the address of the stand-in platform
   */
  static RestMix over(GridUnderTest grid, List<String> texts, String platform)
      throws IOException, InterruptedException {
    List<String> trends =
        TREND_ID
            .matcher(grid.get(0, "/trends?limit=100"))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    return new RestMix(grid, texts, trends, grid.channels(platform, CHANNELS));
  }

  OpenLoad.Asked next(int number) {
    int node = number % grid.nodes();
    Kind kind = hundred.get(random.nextInt(hundred.size()));
    return switch (kind) {
      case POSTS -> get(kind, node, "/posts/" + anyPost());
      case TEXT_SEARCHES -> get(kind, node, search("text"));
      case HYBRID_SEARCHES -> get(kind, node, search("hybrid"));
      case TREND_LISTS -> get(kind, node, "/trends?limit=20");
      case ONE_TREND -> get(kind, node, trends.isEmpty() ? "/trends" : "/trends/" + any(trends));
      case DELIVERY_LISTS -> get(kind, node, "/deliveries?limit=20&channel=" + any(channels));
      case SCHEDULES ->
          post(
              kind,
              node,
              "/scheduled-posts",
              "application/json",
              "{\"text\":\"bench %d\",\"channels\":[\"%s\"],\"when\":{\"at\":\"%s\"}}"
                  .formatted(written++, any(channels), DUE));
      case IMPORTS -> post(kind, node, "/posts/import", "application/x-ndjson", lines());
    };
  }

  private OpenLoad.Asked get(Kind kind, int node, String path) {
    return new OpenLoad.Asked(kind.label, grid.request(node, path).GET().build());
  }

  private OpenLoad.Asked post(Kind kind, int node, String path, String type, String body) {
    return new OpenLoad.Asked(
        kind.label,
        grid.request(node, path)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private String anyPost() {
    String number = String.valueOf(random.nextInt(texts.size()));
    return PostId.of(WorkspaceId.DEFAULT, "bench", number).value();
  }

  private String search(String mode) {
    // Three words of a title: seldom the same twice, so that no answer is remembered.
    List<String> words = List.of(any(texts).split("\\s+"));
    int from = random.nextInt(Math.max(1, words.size() - 2));
    String query = String.join(" ", words.subList(from, Math.min(words.size(), from + 3)));
    return "/search?limit=10&mode="
        + mode
        + "&q="
        + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private String lines() {
    Instant published = Instant.now();
    return IntStream.range(0, IN_AN_IMPORT)
        .mapToObj(
            _ ->
                "{\"platform\":\"load\",\"nativeId\":\"%d\",\"title\":%s,\"publishedAt\":\"%s\"}"
                    .formatted(written++, Json.text(any(texts)), published))
        .collect(Collectors.joining("\n"));
  }

  private String any(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
