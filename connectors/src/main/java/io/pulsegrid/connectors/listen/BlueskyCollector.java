package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.BlueskyLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Searches and feeds of Bluesky: open to all at its public address, or through an account's own
 * server, signed in with an app password.
 */
final class BlueskyCollector extends ApiCollector {
  private static final String KIND = "bluesky";
  private static final String ACCESS = "accessToken";
  private static final String IDENTIFIER = "identifier";
  private static final String PASSWORD = "appPassword";
  private static final String READ = "read";
  private static final int PAGE = 100;
  private static final int POSTS_AT_ONCE = 25;

  /** Posts reach the search out of order, some of them late. */
  private static final Duration OVERLAP = Duration.ofMinutes(30);

  private static final Pattern START = Pattern.compile("/xrpc/");
  private static final String FEEDS = "/xrpc/app.bsky.feed.";
  private static final String SEARCH = FEEDS + "searchPosts";

  /** What must be told which one, by the name of the parameter. */
  private static final Map<String, String> NEEDED =
      Map.of(
          SEARCH,
          "q",
          FEEDS + "getAuthorFeed",
          "actor",
          FEEDS + "getFeed",
          "feed",
          FEEDS + "getListFeed",
          "list");

  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "InvalidToken");
  private static final String TAG = "app.bsky.richtext.facet#tag";

  private final Tokens tokens = new Tokens();

  BlueskyCollector(Reach reach) {
    super(
        reach,
        new BlueskyLimits(),
        List.of(Set.of(), Set.of(IDENTIFIER, PASSWORD), Set.of(ACCESS)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int mostAtOnce() {
    return POSTS_AT_ONCE;
  }

  @Override
  Optional<String> objection(URI url) {
    Address address = Address.of(url, START);
    @Nullable String needed = NEEDED.get(address.path());
    if (needed == null) {
      return Optional.of(
          "must be a search or a feed, such as"
              + " https://public.api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=loom or"
              + " https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=bsky.app");
    }
    return address.parameter(needed).isEmpty()
        ? Optional.of("must have " + needed + "=")
        : Optional.empty();
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address asked =
        Address.of(call.spec().url(), START).without(Set.of("cursor")).with("limit", PAGE);
    Listing listing = new Listing(visit, call.from());
    Address first = asked.path().equals(SEARCH) ? latest(asked, listing.seen()) : asked;
    return listing.read(
        first.uri(),
        new Listing.Pages() {
          @Override
          public Heard ask(URI url, Map<String, String> headers) throws Stopped {
            return BlueskyCollector.this.ask(visit, first, "", url);
          }

          @Override
          public Listing.Page read(Heard heard, URI url) throws Stopped {
            return new Listing.Page(
                entries(heard, visit.id()),
                JsonFields.text(heard.json(), "cursor")
                    .map(cursor -> Address.of(url, START).with("cursor", cursor).uri())
                    .orElse(null));
          }
        });
  }

  private static Address latest(Address asked, Seen seen) {
    Address search = asked.usually("sort", "latest");
    @Nullable Instant newest = seen.newest();
    return newest == null || seen.gap() != null
        ? search
        : search.usually("since", newest.minus(OVERLAP).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address posts = Address.of(account.url(), START).at(FEEDS + "getPosts");
    String uris =
        subjects.stream()
            .map(it -> "uris=" + Address.encoded(it.nativeId()))
            .reduce((one, other) -> one + "&" + other)
            .orElse("");
    Heard heard =
        visit.good(ask(visit, posts, account.handle(), URI.create(posts.uri() + "?" + uris)));
    if (!heard.json().path("posts").isArray()) {
      throw Visit.failed("the answer is no list of posts");
    }
    for (JsonNode post : heard.json().path("posts").values()) {
      JsonFields.text(post, "uri").ifPresent(uri -> counts.put(uri, engagement(post)));
    }
    counts.untoldAreGone(subjects);
  }

  /** Bluesky counts by address, whoever asks. */
  private Heard ask(Visit visit, Address at, String handle, URI url) throws Stopped {
    Source.Credentials credentials = visit.credentials();
    boolean signsIn = !credentials.value(PASSWORD).isEmpty();
    while (true) {
      String token =
          signsIn
              ? tokens.of(at.base(), credentials, () -> signIn(visit, at, handle))
              : credentials.value(ACCESS);
      Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
      if (!token.isEmpty()) {
        headers.put("Authorization", "Bearer " + token);
      }
      Heard heard = visit.ask(Ask.get(url, headers), READ, at.authority());
      boolean expired =
          heard.status() == 401
              || (heard.status() == 400 && EXPIRED.contains(heard.text("/error")));
      if (!signsIn || !expired || !tokens.refused(at.base(), credentials, token)) {
        return heard;
      }
    }
  }

  private static String signIn(Visit visit, Address at, String handle) throws Stopped {
    String given = visit.credentials().value(IDENTIFIER);
    String identifier = given.isEmpty() ? handle : given;
    String body =
        JsonMapper.shared()
            .createObjectNode()
            .put("identifier", identifier.startsWith("@") ? identifier.substring(1) : identifier)
            .put("password", visit.credentials().value(PASSWORD))
            .toString();
    Heard heard =
        visit.good(
            visit.ask(
                new Ask(
                    at.at("/xrpc/com.atproto.server.createSession").uri(),
                    Map.of("Content-Type", "application/json"),
                    body),
                READ,
                at.authority()));
    String token = heard.text("/accessJwt");
    if (token.isEmpty()) {
      throw Visit.failed("it gives no token");
    }
    return token;
  }

  private static List<Entry> entries(Heard heard, String source) throws Stopped {
    List<Entry> entries = new ArrayList<>();
    JsonNode json = heard.json();
    if (!json.path("posts").isArray() && !json.path("feed").isArray()) {
      throw Visit.failed("the answer is no list of posts");
    }
    for (JsonNode post : json.path("posts").values()) {
      entry(post, source).ifPresent(entries::add);
    }
    for (JsonNode item : json.path("feed").values()) {
      // With a reason somebody else's post is shown again, or an old one is pinned.
      if (!item.path("reason").isObject()) {
        entry(item.path("post"), source).ifPresent(entries::add);
      }
    }
    return entries;
  }

  private static Optional<Entry> entry(JsonNode post, String source) {
    // Blocked and missing posts have nothing but their address.
    return JsonFields.text(post, "uri")
        .filter(_ -> post.path("record").isObject())
        .map(uri -> entry(uri, post, source));
  }

  private static Entry entry(String uri, JsonNode post, String source) {
    JsonNode record = post.path("record");
    JsonNode author = post.path("author");
    Optional<String> did = JsonFields.text(author, "did");
    Optional<String> handle =
        JsonFields.text(author, "handle")
            .filter(name -> !name.equals("handle.invalid"))
            .or(() -> did);
    String key = uri.substring(uri.lastIndexOf('/') + 1);
    return new Sketch(KIND, uri)
        .url(handle.map(name -> "https://bsky.app/profile/" + name + "/post/" + key))
        .author(handle)
        .text(JsonFields.text(record, "text").or(() -> embedded(post, record)))
        .lang(JsonFields.texts(record, "langs", "").stream().findFirst())
        .tags(tags(record))
        .publishedAt(publishedAt(post, record))
        .engagement(engagement(post))
        .of(source);
  }

  /** Where nothing is said: what the card or the pictures say. */
  private static Optional<String> embedded(JsonNode post, JsonNode record) {
    for (JsonNode embed : List.of(post.path("embed"), record.path("embed"))) {
      Optional<String> said =
          JsonFields.text(embed.path("external"), "title")
              .or(() -> JsonFields.texts(embed, "images", "alt").stream().findFirst());
      if (said.isPresent()) {
        return said;
      }
    }
    return Optional.empty();
  }

  private static List<String> tags(JsonNode record) {
    List<String> tags = new ArrayList<>(JsonFields.texts(record, "tags", ""));
    for (JsonNode facet : record.path("facets").values()) {
      for (JsonNode feature : facet.path("features").values()) {
        if (feature.path("$type").asString("").equals(TAG)) {
          JsonFields.text(feature, "tag").ifPresent(tags::add);
        }
      }
    }
    return tags;
  }

  /** The author's clock may say anything; the server saw it no later than it indexed it. */
  private static Optional<Instant> publishedAt(JsonNode post, JsonNode record) {
    return Stream.of(JsonFields.time(record, "createdAt"), JsonFields.time(post, "indexedAt"))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private static Engagement engagement(JsonNode post) {
    return new Engagement(
        JsonFields.count(post, "likeCount"),
        JsonFields.count(post, "replyCount"),
        JsonFields.count(post, "repostCount") + JsonFields.count(post, "quoteCount"),
        0);
  }
}
