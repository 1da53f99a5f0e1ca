package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.LinkedinLimits;
import io.pulsegrid.connectors.linkedin.LinkedinHeaders;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.core.post.Engagement;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What became of posts on LinkedIn, by the summaries of its social actions: likes, and comments
 * with the answers to them. It tells of no shares and views there.
 */
final class LinkedinReader extends ApiReader {
  private static final String READ = "read";
  private static final int POSTS_AT_ONCE = 20;
  private static final int NOT_FOUND = 404;
  private static final Pattern START = Pattern.compile("/rest/");

  LinkedinReader(Reach reach) {
    super(reach, new LinkedinLimits());
  }

  @Override
  public String platform() {
    return "linkedin";
  }

  @Override
  public int mostAtOnce() {
    return POSTS_AT_ONCE;
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address actions = Address.of(account.url(), START).at("/rest/socialActions");
    // Rest.li's own list: its brackets and commas stay as they are, the ids within are encoded.
    String ids =
        subjects.stream()
            .map(it -> Address.encoded(it.nativeId()))
            .collect(Collectors.joining(",", "List(", ")"));
    Heard heard =
        visit.good(
            visit.ask(
                Ask.get(
                    URI.create(actions.uri() + "?ids=" + ids),
                    LinkedinHeaders.of(visit.credentials()::value)),
                READ,
                Secrets.holder(
                    actions.authority(), visit.credentials().value(LinkedinHeaders.TOKEN))));
    if (!heard.json().path("results").isObject()) {
      throw Visit.failed("the answer has no results");
    }
    Map<String, JsonNode> results = byUrn(heard.json().path("results"));
    Map<String, JsonNode> errors = byUrn(heard.json().path("errors"));
    for (Subject subject : subjects) {
      String urn = subject.nativeId();
      JsonNode actionsOn = results.get(urn);
      JsonNode error = errors.get(urn);
      if (actionsOn != null) {
        counts.put(urn, engagement(actionsOn));
      } else if (error != null && error.path("status").asInt(0) == NOT_FOUND) {
        counts.gone(urn);
      }
    }
  }

  /** Some answers have their keys encoded as they were asked for. */
  private static Map<String, JsonNode> byUrn(JsonNode map) {
    Map<String, JsonNode> byUrn = new HashMap<>();
    map.properties().forEach(entry -> byUrn.put(Address.decoded(entry.getKey()), entry.getValue()));
    return byUrn;
  }

  private static Engagement engagement(JsonNode actions) {
    JsonNode comments = actions.path("commentsSummary");
    return new Engagement(
        JsonFields.count(actions.path("likesSummary"), "totalLikes"),
        Math.max(
            JsonFields.count(comments, "aggregatedTotalComments"),
            JsonFields.count(comments, "totalFirstLevelComments")),
        0,
        0);
  }
}
