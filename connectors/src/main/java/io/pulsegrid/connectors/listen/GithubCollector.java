package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.GithubLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.post.Engagement;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** GitHub's searches for repositories, and for issues and pull requests. */
final class GithubCollector extends ApiCollector {
  private static final String KIND = "github";
  private static final String HOME = "github.com";
  private static final String TOKEN = "accessToken";
  private static final String SEARCH = "search";
  private static final String READ = "read";

  /** Whoever has no token is counted by address, and has a limit of its own. */
  private static final String ANONYMOUS = "-anonymous";

  private static final int PAGE = 100;

  /** Beyond it GitHub refuses: "Only the first 1000 search results are available". */
  private static final int MOST_FOUND = 1_000;

  private static final int ASKED_AT_ONCE = 20;
  private static final String REPOSITORIES = "/search/repositories";
  private static final String ISSUES = "/search/issues";
  private static final Pattern START = Pattern.compile("/search(/|$)");
  private static final Pattern ISSUE_PAGE =
      Pattern.compile("https?://[^/]+/([^/]+/[^/]+)/(?:issues|pull)/(\\d+)");
  private static final String ISSUE = "issue/";

  GithubCollector(Reach reach) {
    super(reach, new GithubLimits(), List.of(Set.of(), Set.of(TOKEN)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int mostAtOnce() {
    return ASKED_AT_ONCE;
  }

  @Override
  Optional<String> objection(URI url) {
    Address address = Address.of(url, START);
    if (!Set.of(REPOSITORIES, ISSUES).contains(address.path())) {
      return Optional.of(
          "must be a search, such as https://api.github.com/search/repositories?q=topic:java or"
              + " https://api.github.com/search/issues?q=loom");
    }
    return address.parameter("q").isEmpty()
        ? Optional.of("must have q=, what to search for")
        : Optional.empty();
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address given = Address.of(call.spec().url(), START);
    String newest = given.path().equals(ISSUES) ? "created" : "updated";
    Address list =
        given
            .without(Set.of("page"))
            .with("per_page", PAGE)
            .usually("sort", newest)
            .usually("order", "desc");
    return new Listing(visit, call.from())
        .read(
            list.uri(),
            new Listing.Pages() {
              @Override
              public Heard ask(URI url, Map<String, String> headers) throws Stopped {
                return GithubCollector.ask(visit, list, SEARCH, url, headers);
              }

              @Override
              public Listing.Page read(Heard heard, URI url) throws Stopped {
                JsonNode items = heard.json().path("items");
                if (!items.isArray()) {
                  throw Visit.failed("the answer is no list of what was found");
                }
                List<Entry> entries = new ArrayList<>();
                items.values().forEach(item -> entry(item, visit.id()).ifPresent(entries::add));
                int page =
                    Address.of(url, START).parameter("page").map(Integer::parseInt).orElse(1);
                return new Listing.Page(
                    entries,
                    items.size() < PAGE || page * PAGE >= MOST_FOUND
                        ? null
                        : list.with("page", page + 1).uri());
              }
            });
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address base = Address.of(account.url(), START);
    for (Subject subject : subjects) {
      Address one = base.at(path(subject));
      Heard heard = ask(visit, one, READ, one.uri(), Map.of());
      if (Set.of(301, 404, 410, 451).contains(heard.status())) {
        counts.gone(subject.nativeId());
      } else {
        counts.put(subject.nativeId(), engagement(visit.good(heard).json()));
      }
    }
  }

  /** A repository is asked for by its number, which no new name changes. */
  private static String path(Subject subject) {
    String id = subject.nativeId().substring(subject.nativeId().lastIndexOf(':') + 1);
    Matcher page = ISSUE_PAGE.matcher(subject.url() == null ? "" : subject.url());
    return id.startsWith(ISSUE) && page.lookingAt()
        ? "/repos/" + page.group(1) + "/issues/" + page.group(2)
        : "/repositories/" + Address.encoded(id);
  }

  private static Heard ask(
      Visit visit, Address at, String action, URI url, Map<String, String> headers) throws Stopped {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", "application/vnd.github+json");
    all.put("X-GitHub-Api-Version", "2022-11-28");
    String token = visit.credentials().value(TOKEN);
    if (!token.isEmpty()) {
      all.put("Authorization", "Bearer " + token);
    }
    return visit.ask(
        Ask.get(url, all),
        token.isEmpty() ? action + ANONYMOUS : action,
        Secrets.holder(at.authority(), token));
  }

  private static Optional<Entry> entry(JsonNode item, String source) {
    return JsonFields.id(item, "id")
        .map(id -> item.has("full_name") ? repository(id, item, source) : issue(id, item, source));
  }

  private static Entry repository(String id, JsonNode item, String source) {
    Optional<String> url = JsonFields.text(item, "html_url");
    return new Sketch(KIND, Forge.id(url, HOME, id))
        .url(url)
        .author(JsonFields.text(item.path("owner"), "login"))
        .title(JsonFields.text(item, "full_name"))
        .text(JsonFields.text(item, "description"))
        .category(JsonFields.text(item, "language"))
        .tags(JsonFields.texts(item, "topics", "name"))
        .publishedAt(JsonFields.time(item, "created_at"))
        .engagement(engagement(item))
        .of(source);
  }

  private static Entry issue(String id, JsonNode item, String source) {
    Optional<String> url = JsonFields.text(item, "html_url");
    return new Sketch(KIND, Forge.id(url, HOME, ISSUE + id))
        .url(url)
        .author(JsonFields.text(item.path("user"), "login"))
        .title(JsonFields.text(item, "title"))
        .text(JsonFields.text(item, "body").flatMap(PlainText::tidy))
        .category(Optional.of(item.path("pull_request").isObject() ? "pull request" : "issue"))
        .tags(JsonFields.texts(item, "labels", "name"))
        .publishedAt(JsonFields.time(item, "created_at"))
        .engagement(engagement(item))
        .of(source);
  }

  /** Stars and forks of a repository; reactions and comments of an issue. */
  private static Engagement engagement(JsonNode item) {
    return new Engagement(
        item.has("stargazers_count")
            ? JsonFields.count(item, "stargazers_count")
            : JsonFields.count(item.path("reactions"), "total_count"),
        JsonFields.count(item, "comments"),
        JsonFields.count(item, "forks_count"),
        0);
  }
}
