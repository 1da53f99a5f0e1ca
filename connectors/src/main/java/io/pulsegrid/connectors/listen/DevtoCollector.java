package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RetryAfterLimits;
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
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Articles of dev.to, or of another Forem; its address alone means its latest ones. */
final class DevtoCollector extends ApiCollector {
  private static final String KIND = "devto";
  private static final String HOME = "dev.to";
  private static final String KEY = "apiKey";
  private static final String READ = "read";
  private static final int PAGE = 100;
  private static final int ARTICLES_AT_ONCE = 15;
  private static final String ARTICLES = "/api/articles";
  private static final Pattern START = Pattern.compile("/api/articles|/api/videos");
  private static final Set<String> LISTS = Set.of(ARTICLES, ARTICLES + "/latest");

  DevtoCollector(Reach reach) {
    super(reach, new RetryAfterLimits(), List.of(Set.of(), Set.of(KEY)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int mostAtOnce() {
    return ARTICLES_AT_ONCE;
  }

  @Override
  Optional<String> objection(URI url) {
    return LISTS.contains(address(url).path())
        ? Optional.empty()
        : Optional.of(
            "must be https://dev.to, or a list of articles such as"
                + " https://dev.to/api/articles?tag=java");
  }

  private static Address address(URI url) {
    Address given = Address.of(url, START);
    String path = given.path().isEmpty() ? ARTICLES + "/latest" : given.path();
    return new Address(given.base(), path, given.query()).without(Set.of("page"));
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address list = address(call.spec().url()).with("per_page", PAGE);
    return new Listing(visit, call.from())
        .read(
            list.uri(),
            new Listing.Pages() {
              @Override
              public Heard ask(URI url, Map<String, String> headers) throws Stopped {
                return DevtoCollector.ask(visit, list, url, headers);
              }

              @Override
              public Listing.Page read(Heard heard, URI url) throws Stopped {
                int page =
                    Address.of(url, START).parameter("page").map(Integer::parseInt).orElse(1);
                List<Entry> entries = entries(heard, visit.id());
                return new Listing.Page(
                    entries, entries.size() < PAGE ? null : list.with("page", page + 1).uri());
              }
            });
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address base = Address.of(account.url(), START);
    for (Subject subject : subjects) {
      String number = subject.nativeId().substring(subject.nativeId().lastIndexOf(':') + 1);
      Address one = base.at(ARTICLES + "/" + Address.encoded(number));
      Heard heard = ask(visit, one, one.uri(), Map.of());
      if (heard.status() == 404) {
        counts.gone(subject.nativeId());
      } else {
        counts.put(subject.nativeId(), engagement(visit.good(heard).json()));
      }
    }
  }

  /** Forem counts by address, whoever asks. */
  private static Heard ask(Visit visit, Address at, URI url, Map<String, String> headers)
      throws Stopped {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", "application/vnd.forem.api-v1+json");
    String key = visit.credentials().value(KEY);
    if (!key.isEmpty()) {
      all.put("api-key", key);
    }
    return visit.ask(Ask.get(url, all), READ, at.authority());
  }

  private static List<Entry> entries(Heard heard, String source) throws Stopped {
    if (!heard.json().isArray()) {
      throw Visit.failed("the answer is no list of articles");
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode article : heard.json().values()) {
      JsonFields.id(article, "id").ifPresent(id -> entries.add(entry(id, article, source)));
    }
    return entries;
  }

  private static Entry entry(String number, JsonNode article, String source) {
    Optional<String> url = JsonFields.text(article, "url");
    JsonNode user = article.path("user");
    List<String> tags = new ArrayList<>(JsonFields.texts(article, "tag_list", "name"));
    tags.addAll(JsonFields.texts(article, "tags", "name"));
    return new Sketch(KIND, Forge.id(url, HOME, number))
        .url(JsonFields.text(article, "canonical_url"))
        .url(url)
        .author(JsonFields.text(user, "username").or(() -> JsonFields.text(user, "name")))
        .title(JsonFields.text(article, "title").flatMap(PlainText::ofPerhapsHtml))
        .text(
            JsonFields.text(article, "body_markdown")
                .or(() -> JsonFields.text(article, "description"))
                .flatMap(PlainText::ofEscaped))
        .lang(JsonFields.text(article, "language"))
        .category(JsonFields.text(article, "type_of"))
        .tags(tags)
        .publishedAt(
            JsonFields.time(article, "published_timestamp")
                .or(() -> JsonFields.time(article, "published_at"))
                .or(() -> JsonFields.time(article, "created_at")))
        .engagement(engagement(article))
        .of(source);
  }

  private static Engagement engagement(JsonNode article) {
    return new Engagement(
        Math.max(
            JsonFields.count(article, "public_reactions_count"),
            JsonFields.count(article, "positive_reactions_count")),
        JsonFields.count(article, "comments_count"),
        0,
        JsonFields.count(article, "page_views_count"));
  }
}
