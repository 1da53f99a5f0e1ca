package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.YoutubeLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.post.Engagement;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * YouTube's searches, charts and playlists. A search tells neither counts nor tags, and few can be
 * made a day: what it finds is asked for once more, fifty videos a call, from the other quota.
 */
final class YoutubeCollector extends ApiCollector {
  private static final String KIND = "youtube";
  private static final String KEY = "apiKey";
  private static final String ACCESS = "accessToken";
  private static final String SEARCH = "search";
  private static final String READ = "read";
  private static final int PAGE = 50;

  /** Videos reach the search out of order, some of them late. */
  private static final Duration OVERLAP = Duration.ofHours(2);

  private static final Pattern START = Pattern.compile("/(search|videos|playlistItems)/?$");

  /** What must be told, by the name of the parameter. */
  private static final Map<String, String> NEEDED =
      Map.of("/search", "q", "/videos", "chart", "/playlistItems", "playlistId");

  YoutubeCollector(Reach reach) {
    super(reach, new YoutubeLimits(), List.of(Set.of(KEY), Set.of(ACCESS)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int mostAtOnce() {
    return PAGE;
  }

  @Override
  Optional<String> objection(URI url) {
    Address address = Address.of(url, START);
    @Nullable String needed = NEEDED.get(address.path());
    if (needed == null) {
      return Optional.of(
          "must be a search, a chart or a playlist, such as"
              + " https://www.googleapis.com/youtube/v3/search?q=loom");
    }
    if (address.parameter("key").isPresent()) {
      return Optional.of(
          "must not hold the key, which anybody could read: give credentials.apiKey");
    }
    boolean channel = needed.equals("q") && address.parameter("channelId").isPresent();
    return address.parameter(needed).isPresent() || channel
        ? Optional.empty()
        : Optional.of("must have " + needed + "=");
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address given =
        Address.of(call.spec().url(), START)
            .without(Set.of("pageToken", "key"))
            .with("maxResults", PAGE);
    Listing listing = new Listing(visit, call.from());
    boolean searching = given.path().equals("/search");
    Address list =
        searching ? search(given, listing.seen()) : given.with("part", "snippet,statistics");
    Address first = given.path().equals("/playlistItems") ? list.with("part", "snippet") : list;
    return listing.read(
        first.uri(),
        new Listing.Pages() {
          @Override
          public Heard ask(URI url, Map<String, String> headers) throws Stopped {
            return YoutubeCollector.ask(visit, first, searching ? SEARCH : READ, url);
          }

          @Override
          public Listing.Page read(Heard heard, URI url) throws Stopped {
            return new Listing.Page(
                entries(found(heard), first, listing.seen(), visit),
                JsonFields.text(heard.json(), "nextPageToken")
                    .map(token -> Address.of(url, START).with("pageToken", token).uri())
                    .orElse(null));
          }
        });
  }

  private static Address search(Address given, Seen seen) {
    Address search = given.with("part", "snippet").with("type", "video").usually("order", "date");
    @Nullable Instant newest = seen.newest();
    boolean byDate = search.parameter("order").filter("date"::equals).isPresent();
    return newest == null || seen.gap() != null || !byDate
        ? search
        : search.usually(
            "publishedAfter", newest.minus(OVERLAP).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address base = Address.of(account.url(), START);
    List<String> ids = subjects.stream().map(Subject::nativeId).toList();
    videos(base, ids, "statistics", visit)
        .forEach((id, video) -> counts.put(id, engagement(video)));
    counts.untoldAreGone(subjects);
  }

  /** Videos by their id, as they stand; what is private or deleted is not among them. */
  private static Map<String, JsonNode> videos(
      Address base, List<String> ids, String part, Visit visit) throws Stopped {
    Address videos = base.at("/videos").with("part", part).with("id", String.join(",", ids));
    Heard heard = visit.good(ask(visit, videos, READ, videos.uri()));
    return found(heard);
  }

  /**
   * What a list found by video, in its order. The id of a video is its own, or stands in an object
   * beside those of channels and playlists, or behind a playlist's entry.
   */
  private static Map<String, JsonNode> found(Heard heard) throws Stopped {
    JsonNode items = heard.json().path("items");
    if (!items.isArray()) {
      throw Visit.failed("the answer is no list of videos");
    }
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (JsonNode item : items.values()) {
      JsonFields.text(item.path("id"), "videoId")
          .or(() -> JsonFields.text(item.at("/snippet/resourceId"), "videoId"))
          .or(
              () ->
                  item.path("kind").asString("youtube#video").equals("youtube#video")
                      ? JsonFields.text(item, "id")
                      : Optional.empty())
          .ifPresent(id -> found.putIfAbsent(id, item));
    }
    return found;
  }

  private static List<Entry> entries(
      Map<String, JsonNode> found, Address list, Seen seen, Visit visit) {
    List<String> untold =
        found.entrySet().stream()
            .filter(it -> !it.getValue().has("statistics") && !seen.knows(it.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    Optional<Map<String, JsonNode>> told = told(untold, list, visit);
    Map<String, JsonNode> known = told.orElse(Map.of());
    List<Entry> entries = new ArrayList<>();
    found.forEach(
        (id, item) -> {
          JsonNode whole = known.getOrDefault(id, item);
          Entry entry =
              entry(id, whole.path("snippet").isObject() ? whole : item, whole, visit.id());
          entries.add(
              told.isEmpty() && untold.contains(id) && entry instanceof Entry.Usable(var post, _)
                  ? new Entry.Usable(post, false)
                  : entry);
        });
    return entries;
  }

  /** What is known of videos besides; empty where nobody answers, or not now. */
  private static Optional<Map<String, JsonNode>> told(List<String> ids, Address list, Visit visit) {
    if (ids.isEmpty()) {
      return Optional.of(Map.of());
    }
    try {
      return Optional.of(videos(list, ids, "snippet,statistics", visit));
    } catch (Stopped notNow) {
      // A search is too dear to be thrown away: what it found is taken as it is, and once more with
      // the next search, which looks some hours back.
      return Optional.empty();
    }
  }

  private static Heard ask(Visit visit, Address at, String action, URI url) throws Stopped {
    String key = visit.credentials().value(KEY);
    String token = visit.credentials().value(ACCESS);
    String separator = url.getRawQuery() == null ? "?" : "&";
    URI address = key.isEmpty() ? url : URI.create(url + separator + "key=" + Address.encoded(key));
    Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
    if (!token.isEmpty()) {
      headers.put("Authorization", "Bearer " + token);
    }
    return visit.ask(
        Ask.get(address, headers), action, Secrets.holder(at.authority(), key + token));
  }

  private static Entry entry(String id, JsonNode told, JsonNode counted, String source) {
    JsonNode snippet = told.path("snippet");
    return new Sketch(KIND, id)
        .url(Optional.of("https://www.youtube.com/watch?v=" + id))
        .author(
            JsonFields.text(snippet, "videoOwnerChannelTitle")
                .or(() -> JsonFields.text(snippet, "channelTitle"))
                .flatMap(PlainText::ofEscaped))
        .title(JsonFields.text(snippet, "title").flatMap(PlainText::ofEscaped))
        .text(JsonFields.text(snippet, "description").flatMap(PlainText::ofEscaped))
        .lang(
            JsonFields.text(snippet, "defaultAudioLanguage")
                .or(() -> JsonFields.text(snippet, "defaultLanguage")))
        .category(JsonFields.text(snippet, "categoryId"))
        .tags(JsonFields.texts(snippet, "tags", ""))
        .publishedAt(JsonFields.time(snippet, "publishedAt"))
        .engagement(engagement(counted))
        .of(source);
  }

  /** Counts are texts, and absent where the author hides them. */
  private static Engagement engagement(JsonNode video) {
    JsonNode statistics = video.path("statistics");
    return new Engagement(
        JsonFields.count(statistics, "likeCount"),
        JsonFields.count(statistics, "commentCount"),
        0,
        JsonFields.count(statistics, "viewCount"));
  }
}
