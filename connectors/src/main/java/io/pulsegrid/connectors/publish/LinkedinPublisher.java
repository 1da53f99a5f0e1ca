package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.LinkedinLimits;
import io.pulsegrid.connectors.linkedin.LinkedinHeaders;
import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.TokenRenewal;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes posts of a member or an organization by LinkedIn's Posts API; the last link in a text
 * is shown as an article.
 */
final class LinkedinPublisher extends WebPublisher {
  private static final String AUTHOR = "author";
  private static final int PAGE = 50;
  private static final int MOST_ARTICLE_TITLE = 400;
  private static final Pattern URN = Pattern.compile("urn:li:(person|organization):[\\w-]+");

  /** What LinkedIn's little text format gives a meaning to. */
  private static final Pattern RESERVED = Pattern.compile("[\\\\|{}@\\[\\]()<>#*_~]");

  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private final TokenRenewal renewal;

  LinkedinPublisher(Outside outside) {
    super(outside, new LinkedinLimits());
    renewal = new LinkedinRenewal(outside);
  }

  @Override
  public Optional<TokenRenewal> renewal() {
    return Optional.of(renewal);
  }

  @Override
  public String platform() {
    return "linkedin";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>(secret(credentials, LinkedinHeaders.TOKEN));
    if (!URN.matcher(credentials.values().getOrDefault(AUTHOR, "")).matches()) {
      errors.addAll(
          fault("credentials." + AUTHOR, "must be urn:li:person:<id> or urn:li:organization:<id>"));
    }
    if (renewal.renews(credentials)) {
      errors.addAll(secret(credentials, LinkedinRenewal.REFRESH));
      errors.addAll(secret(credentials, LinkedinRenewal.CLIENT));
      errors.addAll(secret(credentials, LinkedinRenewal.CLIENT_SECRET));
    }
    return errors;
  }

  @Override
  List<Measure> measures(String text) {
    return List.of(length("", Texts.codePoints(text), "characters"));
  }

  @Override
  Outcome send(Exchange exchange) throws IOException, InterruptedException {
    Heard heard = exchange.create(request(exchange, "/rest/posts"), Exchange.JSON, post(exchange));
    String said = heard.text("/message");
    if (heard.ok()) {
      String id = heard.header("x-restli-id").orElseGet(() -> heard.text("/id"));
      return exchange.created(heard, id, url(id));
    }
    // LinkedIn's own refusals have a code; a duplicate may be an earlier call of ours.
    boolean coded = !heard.text("/code").isEmpty() && !heard.text("/code").contains("DUPLICATE");
    return coded && (heard.status() == 400 || heard.status() == 422)
        ? exchange.rejected(heard, said)
        : exchange.answered(heard, said);
  }

  @Override
  Identity account(Exchange exchange) {
    return new Identity.Claimed(exchange.secret(AUTHOR));
  }

  @Override
  String mark(String text) {
    return RecentPosts.comparable(text);
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    String wanted = mark(exchange.call().text());
    return recent.find(
        from -> page(exchange, from),
        post -> RecentPosts.comparable(plain(post.text())).equals(wanted),
        null);
  }

  private static RecentPosts.Page page(Exchange exchange, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    int start = from == null ? 0 : Integer.parseInt(from);
    JsonNode elements =
        exchange
            .read(
                request(
                        exchange,
                        "/rest/posts?q=author&author=%s&sortBy=CREATED&start=%d&count=%d"
                            .formatted(Texts.encoded(exchange.secret(AUTHOR)), start, PAGE))
                    .header("X-RestLi-Method", "FINDER"))
            .json()
            .path("elements");
    List<RecentPosts.Seen> posts = new ArrayList<>();
    for (JsonNode element : elements) {
      String id = RecentPosts.id(element.path("id").asString(""));
      posts.add(
          new RecentPosts.Seen(
              id,
              url(id),
              Instant.ofEpochMilli(element.path("createdAt").asLong(0)),
              element.path("commentary").asString("")));
    }
    return new RecentPosts.Page(
        posts, elements.size() < PAGE ? null : String.valueOf(start + PAGE));
  }

  private static String post(Exchange exchange) {
    String text = exchange.call().text();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("author", exchange.secret(AUTHOR));
    json.put("commentary", escaped(text));
    json.put("visibility", "PUBLIC");
    ObjectNode distribution = json.putObject("distribution");
    distribution.put("feedDistribution", "MAIN_FEED");
    distribution.putArray("targetEntities");
    distribution.putArray("thirdPartyDistributionChannels");
    Texts.lastLink(text)
        .ifPresent(
            link ->
                json.putObject("content")
                    .putObject("article")
                    .put("source", link)
                    .put("title", PlainText.cut(link, MOST_ARTICLE_TITLE)));
    json.put("lifecycleState", "PUBLISHED");
    json.put("isReshareDisabledByAuthor", false);
    return json.toString();
  }

  private static HttpRequest.Builder request(Exchange exchange, String path) {
    HttpRequest.Builder request = exchange.to(path);
    LinkedinHeaders.of(exchange::secret).forEach(request::header);
    return request;
  }

  static String escaped(String text) {
    return RESERVED.matcher(text).replaceAll("\\\\$0");
  }

  static String plain(String commentary) {
    return ESCAPED.matcher(commentary).replaceAll("$1");
  }

  private static String url(String id) {
    return "https://www.linkedin.com/feed/update/" + id + "/";
  }
}
