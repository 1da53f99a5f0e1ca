package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.MastodonLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Source;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Timelines, searches and trends of a Mastodon server. A timeline is read forwards from the last
 * status taken, so that nothing is passed over however much there is; the others are lists whose
 * newest are looked at again. A server's address alone means its public timeline.
 */
final class MastodonCollector extends ApiCollector {
  private static final String KIND = "mastodon";
  private static final String TOKEN = "accessToken";
  private static final String READ = "read";
  private static final int PAGE = 40;
  private static final int STATUSES_AT_ONCE = 20;

  /** What the cursor of a timeline begins with; an id follows. */
  private static final String AFTER = "after ";

  private static final String TIMELINES = "/api/v1/timelines/";
  private static final Pattern START = Pattern.compile("/api/v[12]/|/tags/");
  private static final Pattern TIMELINE =
      Pattern.compile(TIMELINES + "(public|home|tag/[^/]+|list/[^/]+|link)");
  private static final Pattern LIST = Pattern.compile("/api/v2/search|/api/v1/trends/statuses");
  private static final Set<String> PLACES =
      Set.of("max_id", "since_id", "min_id", "limit", "offset");
  private static final Set<String> OPEN = Set.of("public", "unlisted");

  MastodonCollector(Reach reach) {
    super(reach, new MastodonLimits(), List.of(Set.of(), Set.of(TOKEN)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public int mostAtOnce() {
    return STATUSES_AT_ONCE;
  }

  @Override
  Optional<String> objection(URI url) {
    Address address = address(url);
    boolean known =
        TIMELINE.matcher(address.path()).matches() || LIST.matcher(address.path()).matches();
    if (!known) {
      return Optional.of(
          "must be a server's address, or one of its timelines, such as"
              + " https://mastodon.social/api/v1/timelines/tag/java, or"
              + " https://mastodon.social/api/v2/search?q=loom");
    }
    return address.path().equals("/api/v2/search") && address.parameter("q").isEmpty()
        ? Optional.of("must have q=, what to search for")
        : Optional.empty();
  }

  private static Address address(URI url) {
    Address given = Address.of(url, START);
    String path = given.path();
    if (path.isEmpty()) {
      path = TIMELINES + "public";
    } else if (path.startsWith("/tags/")) {
      path = TIMELINES + "tag/" + path.substring("/tags/".length());
    }
    Address address = new Address(given.base(), path, given.query()).without(PLACES);
    return path.equals("/api/v2/search") ? address.with("type", "statuses") : address;
  }

  @Override
  Result collect(Call call, Visit visit) throws Stopped {
    Address address = address(call.spec().url()).with("limit", PAGE);
    return TIMELINE.matcher(address.path()).matches()
        ? timeline(address, call.from(), visit)
        : list(address, call.from(), visit);
  }

  private static Result timeline(Address address, Source.Position from, Visit visit)
      throws Stopped {
    String cursor = Objects.requireNonNullElse(from.cursor(), "");
    boolean known = cursor.startsWith(AFTER);
    String last = known ? cursor.substring(AFTER.length()) : "";
    List<IncomingPost> posts = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    int most = known ? Listing.MOST_PAGES : 1;
    for (int page = 0; page < most; page++) {
      Address at = last.isEmpty() ? address : address.with("min_id", last);
      List<JsonNode> statuses;
      try {
        statuses = statuses(visit.good(ask(visit, at.uri(), at)));
      } catch (Stopped stopped) {
        if (page == 0) {
          throw stopped;
        }
        // What was read stays read: the next visit goes on behind it.
        break;
      }
      for (JsonNode status : statuses.reversed()) {
        switch (entry(status, visit.id())) {
          case Entry.Usable usable -> posts.add(usable.post());
          case Entry.Useless useless -> rejected.add(useless.reason());
        }
      }
      last = statuses.stream().findFirst().flatMap(it -> JsonFields.id(it, "id")).orElse(last);
      if (statuses.size() < PAGE / 2) {
        // Less than half a page: hidden statuses leave gaps, but there is no more.
        break;
      }
    }
    @Nullable String next = last.isEmpty() ? null : AFTER + last;
    return new Result.Collected(posts, new Source.Position(next, null, null), rejected, null);
  }

  private static Result list(Address address, Source.Position from, Visit visit) throws Stopped {
    return new Listing(visit, from)
        .read(
            address.uri(),
            new Listing.Pages() {
              @Override
              public Heard ask(URI url, Map<String, String> headers) throws Stopped {
                return MastodonCollector.ask(visit, url, address, headers);
              }

              @Override
              public Listing.Page read(Heard heard, URI url) throws Stopped {
                List<JsonNode> statuses = statuses(heard);
                int offset =
                    Address.of(url, START).parameter("offset").map(Integer::parseInt).orElse(0);
                return new Listing.Page(
                    statuses.stream().map(it -> entry(it, visit.id())).toList(),
                    statuses.isEmpty()
                        ? null
                        : address.with("offset", offset + statuses.size()).uri());
              }
            });
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address base = Address.of(account.url(), START);
    StringBuilder ids = new StringBuilder();
    subjects.forEach(it -> ids.append("&id[]=").append(Address.encoded(it.nativeId())));
    String query = ids.substring(1).replace("[]", "%5B%5D");
    Heard heard = ask(visit, URI.create(base.at("/api/v1/statuses").uri() + "?" + query), base);
    if (heard.ok() && heard.json().isArray()) {
      for (JsonNode status : heard.json().values()) {
        JsonFields.id(status, "id").ifPresent(id -> counts.put(id, engagement(status)));
      }
      counts.untoldAreGone(subjects);
      return;
    }
    // Before Mastodon 4.3 a server knows no such list, and answers one by one.
    for (Subject subject : subjects) {
      Address one = base.at("/api/v1/statuses/" + Address.encoded(subject.nativeId()));
      Heard status = ask(visit, one.uri(), one);
      if (status.status() == 404 || status.status() == 410) {
        counts.gone(subject.nativeId());
      } else {
        counts.put(subject.nativeId(), engagement(visit.good(status).json()));
      }
    }
  }

  private static Heard ask(Visit visit, URI url, Address at) throws Stopped {
    return ask(visit, url, at, Map.of());
  }

  private static Heard ask(Visit visit, URI url, Address at, Map<String, String> headers)
      throws Stopped {
    Map<String, String> all = new HashMap<>(headers);
    String token = visit.credentials().value(TOKEN);
    if (!token.isEmpty()) {
      all.put("Authorization", "Bearer " + token);
    }
    return visit.ask(Ask.get(url, all), READ, Secrets.holder(at.authority(), token));
  }

  /** A timeline is an array, a search an object with one in it. */
  private static List<JsonNode> statuses(Heard heard) throws Stopped {
    JsonNode json = heard.json();
    JsonNode list = json.isObject() ? json.path("statuses") : json;
    if (!list.isArray()) {
      throw Visit.failed("the answer is no list of statuses");
    }
    return List.copyOf(list.values());
  }

  private static Entry entry(JsonNode given, String source) {
    // Of a boost, what is boosted was said.
    JsonNode status = given.path("reblog").isObject() ? given.path("reblog") : given;
    String id = JsonFields.id(status, "id").orElse("");
    if (id.isEmpty()) {
      return new Entry.Useless("status without id", "a status has no id");
    }
    if (!OPEN.contains(status.path("visibility").asString("public"))) {
      return new Entry.Useless(id, id + " is not public");
    }
    JsonNode account = status.path("account");
    return new Sketch(KIND, id)
        .url(JsonFields.text(status, "uri"))
        .url(JsonFields.text(status, "url"))
        .author(JsonFields.text(account, "acct").or(() -> JsonFields.text(account, "username")))
        .text(text(status))
        .lang(JsonFields.text(status, "language"))
        .tags(JsonFields.texts(status, "tags", "name"))
        .publishedAt(JsonFields.time(status, "created_at"))
        .engagement(engagement(status))
        .of(source);
  }

  /** The warning, what is said, and where nothing is said what the pictures show. */
  private static Optional<String> text(JsonNode status) {
    List<String> parts = new ArrayList<>();
    JsonFields.text(status, "spoiler_text").ifPresent(parts::add);
    JsonFields.text(status, "content").flatMap(PlainText::ofHtml).ifPresent(parts::add);
    if (parts.isEmpty()) {
      parts.addAll(JsonFields.texts(status, "media_attachments", "description"));
    }
    return PlainText.tidy(String.join("\n", parts));
  }

  private static Engagement engagement(JsonNode status) {
    return new Engagement(
        JsonFields.count(status, "favourites_count"),
        JsonFields.count(status, "replies_count"),
        JsonFields.count(status, "reblogs_count"),
        0);
  }
}
