package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.MastodonLimits;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Publishes statuses on a Mastodon server, under an {@code Idempotency-Key} that the server
 * remembers for an hour.
 */
final class MastodonPublisher extends WebPublisher {
  private static final String TOKEN = "accessToken";

  /** More than any text of 500 characters has, its links and joined characters included. */
  private static final int MOST_MEASURED = 100_000;

  private static final Duration KEY_MEMORY = Duration.ofHours(1);
  private static final int PAGE = 40;

  MastodonPublisher(Outside outside) {
    super(outside, new MastodonLimits());
  }

  @Override
  public String platform() {
    return "mastodon";
  }

  @Override
  List<FieldError> faults(Channel.Spec spec, Channel.Credentials credentials) {
    return secret(credentials, TOKEN);
  }

  @Override
  List<Measure> measures(String text) {
    long length = text.length() > MOST_MEASURED ? text.length() : MastodonLength.of(text);
    return List.of(length("", length, "characters as Mastodon counts them (a link is 23)"));
  }

  @Override
  Outcome send(Exchange exchange) throws IOException, InterruptedException {
    Heard heard =
        exchange.create(
            request(exchange, "/api/v1/statuses")
                .header("Idempotency-Key", exchange.call().idempotencyKey()),
            Exchange.FORM,
            "status=" + URLEncoder.encode(exchange.call().text(), StandardCharsets.UTF_8));
    String said = heard.text("/error");
    if (heard.status() == 200 || heard.status() == 201) {
      return exchange.created(heard, heard.text("/id"), heard.text("/url"));
    }
    // A 422 that is not in Mastodon's words comes from something in front of it.
    return heard.status() == 422 && !said.isEmpty()
        ? exchange.rejected(heard, said)
        : exchange.answered(heard, said);
  }

  @Override
  Identity account(Exchange exchange) throws Ended, IOException, InterruptedException {
    return known(exchange, self(exchange));
  }

  private static String self(Exchange exchange) throws Ended, IOException, InterruptedException {
    return exchange.self(
        exchange.ask(request(exchange, "/api/v1/accounts/verify_credentials")), "/id", "/error");
  }

  @Override
  String mark(String text) {
    return comparable(text);
  }

  @Override
  Probe look(Exchange exchange, RecentPosts recent)
      throws Ended, IOException, InterruptedException {
    String account = self(exchange);
    String wanted = mark(exchange.call().text());
    return recent.find(
        from -> page(exchange, account, from),
        post -> comparable(Jsoup.parseBodyFragment(post.text()).text()).equals(wanted),
        recent.enforced(KEY_MEMORY));
  }

  private static RecentPosts.Page page(Exchange exchange, String account, @Nullable String from)
      throws Ended, IOException, InterruptedException {
    String older = from == null ? "" : "&max_id=" + from;
    JsonNode statuses =
        exchange
            .read(
                request(
                    exchange,
                    "/api/v1/accounts/%s/statuses?exclude_reblogs=true&limit=%d%s"
                        .formatted(account, PAGE, older)))
            .json();
    if (!statuses.isArray()) {
      throw new Unusable("no list of statuses");
    }
    List<RecentPosts.Seen> posts = new ArrayList<>();
    for (JsonNode status : statuses) {
      posts.add(
          new RecentPosts.Seen(
              RecentPosts.id(status.path("id").asString("")),
              Exchange.keptUrl(status.path("url").asString("")),
              RecentPosts.time(status.path("created_at").asString("")),
              status.path("content").asString("")));
    }
    return new RecentPosts.Page(posts, posts.size() < PAGE ? null : posts.getLast().id());
  }

  private static HttpRequest.Builder request(Exchange exchange, String path) {
    return exchange.to(path).header("Authorization", "Bearer " + exchange.secret(TOKEN));
  }

  /** What a text and the HTML that Mastodon made of it have in common. */
  private static String comparable(String text) {
    return RecentPosts.comparable(MastodonLength.withoutServers(text));
  }
}
