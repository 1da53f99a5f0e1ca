package io.pulsegrid.connectors.publish;

import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Facebook and Instagram have in common: Meta's Graph API and its error codes. */
final class Graph {
  static final String TOKEN = "accessToken";

  /** The session or the token is over: graph-api/guides/error-handling. */
  private static final Set<Integer> SESSION = Set.of(102, 190, 463, 467);

  /** Not this: a wrong parameter, a duplicate, a link that cannot be posted, a text for spam. */
  private static final Set<Integer> REFUSALS = Set.of(100, 368, 506, 1_500, 1_609_005);

  private static final int NO_PERMISSION = 10;
  private static final int FIRST_PERMISSION = 200;
  private static final int LAST_PERMISSION = 299;

  private Graph() {}

  static HttpRequest.Builder request(Exchange exchange, String path) {
    return exchange.to(path).header("Authorization", "Bearer " + exchange.secret(TOKEN));
  }

  /** What is wrong with a page's or an account's token, and with what exchanges it. */
  static List<FieldError> faults(Channel.Credentials credentials) {
    List<FieldError> errors = new ArrayList<>(WebPublisher.secret(credentials, TOKEN));
    if (credentials.values().containsKey(GraphRenewal.APP)
        || credentials.values().containsKey(GraphRenewal.APP_SECRET)) {
      errors.addAll(WebPublisher.secret(credentials, GraphRenewal.APP));
      errors.addAll(WebPublisher.secret(credentials, GraphRenewal.APP_SECRET));
    }
    return errors;
  }

  /**
   * What an answer to the creating request means. Posts were there that it had said 400 of: only
   * codes that name what is wrong with the request are a refusal.
   */
  static Outcome answered(Exchange exchange, Heard heard) {
    int code = code(heard);
    if (isDenied(code)) {
      return new Outcome.Unauthorized(heard.status(), Exchange.detail(heard, said(heard)));
    }
    return REFUSALS.contains(code)
        ? exchange.rejected(heard, said(heard))
        : exchange.answered(heard, said(heard));
  }

  /** The same of a request that creates nothing that anybody sees. */
  static Outcome unprepared(Exchange exchange, Heard heard) {
    return isDenied(code(heard))
        ? new Outcome.Unauthorized(heard.status(), Exchange.detail(heard, said(heard)))
        : exchange.unprepared(heard, said(heard));
  }

  /** Whether the token opens nothing any more. */
  static boolean isOver(Heard heard) {
    return SESSION.contains(code(heard));
  }

  static int code(Heard heard) {
    return heard.json().at("/error/code").asInt(0);
  }

  static int subcode(Heard heard) {
    return heard.json().at("/error/error_subcode").asInt(0);
  }

  static String said(Heard heard) {
    return heard.text("/error/message");
  }

  /** A page of a listing, newest first, whose entries have these fields. */
  static RecentPosts.Page page(Heard heard, String text, String time, String url)
      throws IOException {
    List<RecentPosts.Seen> posts = new ArrayList<>();
    for (JsonNode post : heard.json().path("data")) {
      posts.add(
          new RecentPosts.Seen(
              RecentPosts.id(post.path("id").asString("")),
              Exchange.keptUrl(post.path(url).asString("")),
              RecentPosts.time(post.path(time).asString("")),
              post.path(text).asString("")));
    }
    boolean more = !heard.text("/paging/next").isEmpty();
    return new RecentPosts.Page(posts, more ? heard.text("/paging/cursors/after") : null);
  }

  private static boolean isDenied(int code) {
    return SESSION.contains(code)
        || code == NO_PERMISSION
        || (code >= FIRST_PERMISSION && code <= LAST_PERMISSION);
  }
}
