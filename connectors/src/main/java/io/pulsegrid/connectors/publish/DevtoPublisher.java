package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.RetryAfterLimits;
import io.pulsegrid.connectors.publish.Texts.Titled;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes articles on dev.to and other Forem sites: the first line is the title, the rest the
 * body. One author cannot have two articles of the same title and body, which guards against a
 * second one for as long as the first is there.
 */
final class DevtoPublisher extends WebPublisher {
  private static final String KEY = "apiKey";
  private static final int MOST_TITLE = 128;
  private static final int PAGE = 100;

  /** The guard lasts as long as the article; how long that is relied on. */
  private static final Duration GUARD = Duration.ofDays(2);

  DevtoPublisher(Outside outside) {
    super(outside, new RetryAfterLimits());
  }

  @Override
  public String platform() {
    return "devto";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    return secret(credentials, KEY);
  }

  @Override
  List<FieldError> faults(String text) {
    Titled article = Titled.of(text);
    if (article.title().isEmpty()) {
      return fault("text", Titled.UNTITLED);
    }
    return article.body().isEmpty()
        ? fault("text", "must have a body below its first line, which is the title")
        : List.of();
  }

  @Override
  List<Measure> measures(String text) {
    Titled article = Titled.of(text);
    return List.of(
        article.titleMeasure(MOST_TITLE), length("its body", Texts.bytes(article.body()), "bytes"));
  }

  @Override
  Outcome send(Exchange exchange) throws IOException, InterruptedException {
    Titled article = Titled.of(exchange.call().text());
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putObject("article")
        .put("title", article.title())
        .put("body_markdown", article.body())
        .put("published", true);
    Heard heard =
        exchange.create(request(exchange, "/api/articles"), Exchange.JSON, json.toString());
    String said = heard.text("/error");
    if (heard.ok()) {
      return exchange.created(heard, heard.text("/id"), heard.text("/url"));
    }
    // "already taken": an article like it is there, perhaps by an earlier call of ours.
    return heard.status() == 422 && !said.isEmpty() && !said.contains("already")
        ? exchange.rejected(heard, said)
        : exchange.answered(heard, said);
  }

  @Override
  Identity account(Exchange exchange) throws Ended, IOException, InterruptedException {
    Heard heard = exchange.ask(request(exchange, "/api/users/me"));
    return known(exchange, exchange.self(heard, "/id", "/error"));
  }

  @Override
  String mark(String text) {
    Titled article = Titled.of(text);
    return RecentPosts.comparable(article.title() + "\n" + article.body());
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    String wanted = mark(exchange.call().text());
    return recent.find(
        from -> page(exchange, from),
        post -> RecentPosts.comparable(post.text()).equals(wanted),
        recent.enforced(GUARD));
  }

  private static RecentPosts.Page page(Exchange exchange, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    int number = from == null ? 1 : Integer.parseInt(from);
    JsonNode articles =
        exchange
            .read(
                request(
                    exchange,
                    "/api/articles/me/published?page=%d&per_page=%d".formatted(number, PAGE)))
            .json();
    List<RecentPosts.Seen> posts = new ArrayList<>();
    for (JsonNode article : articles) {
      posts.add(
          new RecentPosts.Seen(
              RecentPosts.id(article.path("id").asString("")),
              Exchange.keptUrl(article.path("url").asString("")),
              RecentPosts.time(article.path("published_at").asString("")),
              article.path("title").asString("")
                  + "\n"
                  + article.path("body_markdown").asString("")));
    }
    return new RecentPosts.Page(posts, articles.size() < PAGE ? null : String.valueOf(number + 1));
  }

  private static HttpRequest.Builder request(Exchange exchange, String path) {
    return exchange
        .to(path)
        .setHeader("Accept", "application/vnd.forem.api-v1+json")
        .header("api-key", exchange.secret(KEY));
  }
}
