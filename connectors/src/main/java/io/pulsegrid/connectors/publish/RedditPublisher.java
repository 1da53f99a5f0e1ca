package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RedditLimits;
import io.pulsegrid.connectors.publish.Texts.Titled;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Submits to the subreddit that is the channel's handle: the first line is the title; the rest is
 * the text, or, where it is one link and nothing else, what is linked to. Reddit refuses with 200
 * and {@code json.errors} as well.
 */
final class RedditPublisher extends WebPublisher {
  private static final String ACCESS = "accessToken";
  private static final String CLIENT = "clientId";
  private static final String CLIENT_SECRET = "clientSecret";
  private static final String REFRESH = "refreshToken";
  private static final int MOST_TITLE = 300;
  private static final int PAGE = 100;
  private static final Pattern TARGET = Pattern.compile("/?(r|u)/([A-Za-z0-9_-]{2,21})");

  private final Kept<String> tokens = new Kept<>();

  /** Who the account is, and a token of it that holds. */
  private record Self(String token, String name) {
    @Override
    public String toString() {
      return "Self[" + name + "]";
    }
  }

  RedditPublisher(Outside outside) {
    super(outside, new RedditLimits());
  }

  @Override
  public String platform() {
    return "reddit";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>();
    if (!TARGET.matcher(spec.handle()).matches()) {
      errors.addAll(fault("handle", "must be where to submit, such as r/test or u/name"));
    }
    if (credentials.values().containsKey(REFRESH)) {
      errors.addAll(secret(credentials, CLIENT));
      errors.addAll(secret(credentials, CLIENT_SECRET));
      errors.addAll(secret(credentials, REFRESH));
    } else {
      errors.addAll(secret(credentials, ACCESS));
    }
    return errors;
  }

  @Override
  List<FieldError> faults(String text) {
    return Titled.of(text).title().isEmpty() ? fault("text", Titled.UNTITLED) : List.of();
  }

  @Override
  List<Measure> measures(String text) {
    Titled post = Titled.of(text);
    return List.of(
        post.titleMeasure(MOST_TITLE),
        length("the text below the title", Texts.codePoints(post.body()), "characters"));
  }

  @Override
  Outcome send(Exchange exchange) throws Ended, IOException, InterruptedException {
    String form = form(exchange);
    String token = token(exchange);
    Heard heard = submit(exchange, token, form);
    if (heard.status() == 401 && renews(exchange)) {
      // Refused before anything was submitted.
      exchange.madeNothing();
      heard = submit(exchange, renewed(exchange, token), form);
    }
    JsonNode errors = heard.json().at("/json/errors");
    if (heard.status() != 200) {
      return exchange.answered(heard, heard.text("/message"));
    }
    if (errors.isEmpty()) {
      return exchange.created(heard, heard.text("/json/data/name"), heard.text("/json/data/url"));
    }
    String said = errors.path(0).path(0).asString("") + ": " + errors.path(0).path(1).asString("");
    if (new RedditLimits().throttles(heard)) {
      return exchange.throttled(heard, said);
    }
    return errors.path(0).path(0).asString("").equals("USER_REQUIRED")
        ? new Outcome.Unauthorized(heard.status(), said)
        : exchange.rejected(heard, said);
  }

  /** In a subreddit: what an account submits elsewhere is another channel's. */
  @Override
  Identity account(Exchange exchange) throws Ended, IOException, InterruptedException {
    return known(
        exchange, self(exchange).name() + " in " + target(exchange).toLowerCase(Locale.ROOT));
  }

  @Override
  String mark(String text) {
    Titled post = Titled.of(text);
    return marked(post.title(), post.body());
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    Self self = self(exchange);
    String wanted = mark(exchange.call().text());
    String title = marked(Titled.of(exchange.call().text()).title(), "");
    // Under the title there may be ours, as Reddit laid it out, or another that says something
    // else.
    return recent.findSurely(
        from -> page(exchange, self, from),
        post -> post.text().equals(wanted),
        post -> post.text().startsWith(title));
  }

  private Self self(Exchange exchange) throws Ended, IOException, InterruptedException {
    String token = token(exchange);
    Heard heard = exchange.ask(authorized(exchange, token, "/api/v1/me"));
    if (heard.status() == 401 && renews(exchange)) {
      token = renewed(exchange, token);
      heard = exchange.ask(authorized(exchange, token, "/api/v1/me"));
    }
    return new Self(token, exchange.self(heard, "/name", "/message"));
  }

  private static String marked(String title, String body) {
    return RecentPosts.comparable(title) + "\n" + RecentPosts.comparable(body);
  }

  /** The account's submissions; the text of each is its mark, or nothing in another subreddit. */
  private static RecentPosts.Page page(Exchange exchange, Self self, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    String older = from == null ? "" : "&after=" + from;
    Heard heard =
        exchange.read(
            authorized(
                exchange,
                self.token(),
                "/user/%s/submitted?sort=new&raw_json=1&limit=%d%s"
                    .formatted(Texts.encoded(self.name()), PAGE, older)));
    List<RecentPosts.Seen> posts = new ArrayList<>();
    for (JsonNode child : heard.json().at("/data/children")) {
      JsonNode post = child.path("data");
      boolean elsewhere = !post.path("subreddit").asString("").equalsIgnoreCase(target(exchange));
      posts.add(
          new RecentPosts.Seen(
              RecentPosts.id(post.path("name").asString("")),
              Exchange.keptUrl("https://www.reddit.com" + post.path("permalink").asString("")),
              Instant.ofEpochMilli((long) (post.path("created_utc").asDouble(0) * 1_000)),
              elsewhere ? "" : marked(post.path("title").asString(""), body(post))));
    }
    String next = heard.text("/data/after");
    return new RecentPosts.Page(posts, next.isEmpty() ? null : next);
  }

  private static String body(JsonNode post) {
    return post.path(post.path("is_self").asBoolean(true) ? "selftext" : "url").asString("");
  }

  private static Heard submit(Exchange exchange, String token, String form)
      throws IOException, InterruptedException {
    return exchange.create(authorized(exchange, token, "/api/submit"), Exchange.FORM, form);
  }

  private static String form(Exchange exchange) {
    Titled post = Titled.of(exchange.call().text());
    boolean link = Texts.LINKS.matcher(post.body()).matches();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("api_type", "json");
    fields.put("kind", link ? "link" : "self");
    fields.put("sr", target(exchange));
    fields.put("title", post.title());
    fields.put(link ? "url" : "text", post.body());
    fields.put("resubmit", "true");
    return Texts.form(fields);
  }

  /** The subreddit; a person's own is named u_name. */
  private static String target(Exchange exchange) {
    var matcher = TARGET.matcher(exchange.call().channel().handle());
    if (!matcher.matches()) {
      return exchange.call().channel().handle();
    }
    return matcher.group(1).equals("u") ? "u_" + matcher.group(2) : matcher.group(2);
  }

  private static boolean renews(Exchange exchange) {
    return !exchange.secret(REFRESH).isEmpty();
  }

  private String token(Exchange exchange) throws Ended, IOException, InterruptedException {
    if (!renews(exchange)) {
      return exchange.secret(ACCESS);
    }
    @Nullable String open = tokens.of(exchange.call());
    return open == null ? renewed(exchange, null) : open;
  }

  private String renewed(Exchange exchange, @Nullable String old)
      throws Ended, IOException, InterruptedException {
    return tokens.insteadOf(old, exchange.call(), () -> granted(exchange));
  }

  private static String granted(Exchange exchange) throws Ended, IOException, InterruptedException {
    String basic = exchange.secret(CLIENT) + ":" + exchange.secret(CLIENT_SECRET);
    Heard heard =
        exchange.ask(
            Exchange.request(
                    Exchange.at(
                        doorOf(exchange.call().channel().baseUrl()), "/api/v1/access_token"))
                .header(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(basic.getBytes(StandardCharsets.UTF_8))),
            Exchange.FORM,
            Texts.form(
                Map.of("grant_type", "refresh_token", "refresh_token", exchange.secret(REFRESH))));
    String error = heard.text("/error");
    if (heard.status() == 400 || (heard.ok() && error.equals("invalid_grant"))) {
      throw new Ended(new Outcome.Unauthorized(heard.status(), Exchange.detail(heard, error)));
    }
    if (!heard.ok() || heard.text("/access_token").isEmpty()) {
      throw new Ended(exchange.unprepared(heard, error));
    }
    return heard.text("/access_token");
  }

  /** Where tokens are given out: beside oauth.reddit.com at www.reddit.com. */
  private static URI doorOf(URI baseUrl) {
    return "oauth.reddit.com".equalsIgnoreCase(baseUrl.getHost())
        ? URI.create("https://www.reddit.com")
        : baseUrl;
  }

  private static HttpRequest.Builder authorized(Exchange exchange, String token, String path) {
    return exchange.to(path).header("Authorization", "bearer " + token);
  }
}
