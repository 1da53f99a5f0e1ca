package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RedditLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.post.Engagement;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Reddit's listings and searches, as an app of its own (client credentials), as somebody's (refresh
 * token), or with a token that was given.
 */
final class RedditCollector extends ApiCollector {
  private static final String KIND = "reddit";
  private static final String ACCESS = "accessToken";
  private static final String CLIENT = "clientId";
  private static final String CLIENT_SECRET = "clientSecret";
  private static final String REFRESH = "refreshToken";
  private static final String READ = "read";
  private static final int PAGE = 100;
  private static final String SORTS = "hot|new|top|rising|best|controversial";
  private static final Pattern START =
      Pattern.compile("/(r|user|u|api|search|%s)(/|\\.json|$)".formatted(SORTS));
  private static final Pattern LISTED =
      Pattern.compile(
          "(/r/[A-Za-z0-9_+-]{2,200})?/(%s|search)|/user/[A-Za-z0-9_-]{2,40}/submitted"
              .formatted(SORTS));
  private static final Pattern SUBREDDIT = Pattern.compile("/r/[A-Za-z0-9_+-]{2,200}");
  private static final Set<String> WEBSITES =
      Set.of("reddit.com", "www.reddit.com", "old.reddit.com", "api.reddit.com");
  private static final Set<String> PLACES = Set.of("after", "before", "count", "limit", "show");
  private static final Set<String> NOBODY = Set.of("[deleted]", "[removed]");
  private static final Set<String> WORDLESS =
      Set.of("[deleted]", "[removed]", "[deleted by user]", "[ removed by reddit ]");

  private final Tokens tokens = new Tokens();

  RedditCollector(Reach reach) {
    super(
        reach,
        new RedditLimits(),
        List.of(
            Set.of(CLIENT, CLIENT_SECRET), Set.of(CLIENT, CLIENT_SECRET, REFRESH), Set.of(ACCESS)));
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
    Address address = address(url);
    if (!LISTED.matcher(address.path()).matches()) {
      return Optional.of(
          "must name what to read, such as https://oauth.reddit.com/r/java/new or"
              + " https://oauth.reddit.com/r/java/search?q=loom");
    }
    return address.path().endsWith("/search") && address.parameter("q").isEmpty()
        ? Optional.of("must have q=, what to search for")
        : Optional.empty();
  }

  /** The listing's address at the host that answers those who have a token. */
  private static Address address(URI url) {
    Address given = Address.of(url, START);
    String path = given.path().replaceFirst("\\.json$", "").replaceFirst("^/u/", "/user/");
    if (SUBREDDIT.matcher(path).matches()) {
      path = path + "/new";
    }
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    String base = WEBSITES.contains(host) ? "https://oauth.reddit.com" : given.base();
    Address address = new Address(base, path, given.query()).without(PLACES);
    if (path.endsWith("/search")) {
      address = address.usually("sort", "new");
      address = path.startsWith("/r/") ? address.usually("restrict_sr", "1") : address;
    }
    return address;
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address list = address(call.spec().url()).with("limit", PAGE).with("raw_json", 1);
    return new Listing(visit, call.from())
        .read(
            list.uri(),
            new Listing.Pages() {
              @Override
              public Heard ask(URI url, Map<String, String> headers) throws Stopped {
                return RedditCollector.this.ask(visit, list, url, headers);
              }

              @Override
              public Listing.Page read(Heard heard, URI url) throws Stopped {
                Optional<String> after = JsonFields.text(heard.json().path("data"), "after");
                return new Listing.Page(
                    entries(heard, visit.id()),
                    after.map(place -> list.with("after", place).uri()).orElse(null));
              }
            });
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    String names = subjects.stream().map(Subject::nativeId).collect(Collectors.joining(","));
    Address info =
        Address.of(account.url(), START).at("/api/info").with("id", names).with("raw_json", 1);
    Heard heard = visit.good(ask(visit, info, info.uri(), Map.of()));
    for (JsonNode child : children(heard)) {
      JsonNode post = child.path("data");
      name(post).ifPresent(name -> counts.put(name, engagement(post)));
    }
    counts.untoldAreGone(subjects);
  }

  /** Asks with a token; one that was kept and is refused is asked for anew, once. */
  private Heard ask(Visit visit, Address at, URI url, Map<String, String> headers) throws Stopped {
    Map<String, String> all = new HashMap<>(headers);
    while (true) {
      String token = token(visit, at);
      all.put("Authorization", "bearer " + token);
      Heard heard = visit.ask(Ask.get(url, all), READ, holder(visit, at));
      if (heard.status() != 401 || !tokens.refused(at.base(), visit.credentials(), token)) {
        return heard;
      }
    }
  }

  private static String holder(Visit visit, Address at) {
    String client = visit.credentials().value(CLIENT);
    return Secrets.holder(
        at.authority(), client.isEmpty() ? visit.credentials().value(ACCESS) : client);
  }

  private String token(Visit visit, Address at) throws Stopped {
    String given = visit.credentials().value(ACCESS);
    return given.isEmpty()
        ? tokens.of(at.base(), visit.credentials(), () -> signIn(visit, at))
        : given;
  }

  private static String signIn(Visit visit, Address at) throws Stopped {
    String client =
        visit.credentials().value(CLIENT) + ":" + visit.credentials().value(CLIENT_SECRET);
    String refresh = visit.credentials().value(REFRESH);
    String door =
        at.base().equals("https://oauth.reddit.com") ? "https://www.reddit.com" : at.base();
    Heard heard =
        visit.good(
            visit.ask(
                new Ask(
                    URI.create(door + "/api/v1/access_token"),
                    Map.of(
                        "Authorization",
                        "Basic "
                            + Base64.getEncoder()
                                .encodeToString(client.getBytes(StandardCharsets.UTF_8)),
                        "Content-Type",
                        "application/x-www-form-urlencoded"),
                    refresh.isEmpty()
                        ? "grant_type=client_credentials"
                        : "grant_type=refresh_token&refresh_token=" + Address.encoded(refresh)),
                READ,
                holder(visit, at)));
    String token = heard.text("/access_token");
    if (token.isEmpty()) {
      // Reddit refuses credentials with 200 as well.
      throw Visit.failed("it gives no token: " + heard.text("/error"));
    }
    return token;
  }

  private static Iterable<JsonNode> children(Heard heard) throws Stopped {
    JsonNode children = heard.json().at("/data/children");
    if (!children.isArray()) {
      throw Visit.failed("the answer is no listing");
    }
    return children.values();
  }

  private static List<Entry> entries(Heard heard, String source) throws Stopped {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode child : children(heard)) {
      JsonNode post = child.path("data");
      // A listing may hold comments, subreddits and people as well; those are no posts.
      if (child.path("kind").asString("t3").equals("t3")) {
        name(post).ifPresent(name -> entries.add(entry(name, post, source)));
      }
    }
    return entries;
  }

  private static Optional<String> name(JsonNode post) {
    return JsonFields.text(post, "name")
        .or(() -> JsonFields.text(post, "id").map(id -> "t3_" + id));
  }

  private static Entry entry(String name, JsonNode post, String source) {
    Optional<String> title = JsonFields.text(post, "title").flatMap(PlainText::ofPerhapsHtml);
    if (title.filter(words -> WORDLESS.contains(words.toLowerCase(Locale.ROOT))).isPresent()) {
      return new Entry.Useless(name, name + " is deleted");
    }
    return new Sketch(KIND, name)
        .url(JsonFields.text(post, "permalink").map(path -> "https://www.reddit.com" + path))
        .url(
            post.path("is_self").asBoolean(false)
                ? Optional.empty()
                : JsonFields.text(post, "url")
                    .map(url -> url.startsWith("/") ? "https://www.reddit.com" + url : url)
                    .flatMap(PlainText::ofEscaped))
        .author(JsonFields.text(post, "author").filter(each -> !NOBODY.contains(each)))
        .title(title)
        .text(
            JsonFields.text(post, "selftext")
                .filter(each -> !NOBODY.contains(each))
                .flatMap(PlainText::ofEscaped))
        .category(JsonFields.text(post, "subreddit"))
        .tags(
            JsonFields.text(post, "link_flair_text").flatMap(PlainText::ofEscaped).stream()
                .toList())
        .publishedAt(
            JsonFields.epochSeconds(post, "created_utc")
                .or(() -> JsonFields.epochSeconds(post, "created")))
        .engagement(engagement(post))
        .of(source);
  }

  private static Engagement engagement(JsonNode post) {
    return new Engagement(
        JsonFields.count(post, "score"),
        JsonFields.count(post, "num_comments"),
        JsonFields.count(post, "num_crossposts"),
        JsonFields.count(post, "view_count"));
  }
}
