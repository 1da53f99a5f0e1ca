package io.pulsegrid.connectors.listen;

import io.pulsegrid.connectors.http.Ask;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.connectors.limits.MetaLimits;
import io.pulsegrid.connectors.text.JsonFields;
import io.pulsegrid.core.post.Engagement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What became of posts of a Facebook Page, and of an Instagram account's media, by Meta's Graph
 * API. It takes several ids in one call, but counts each as a call, and refuses all for one that is
 * gone: they are asked for one by one.
 */
final class MetaReader extends ApiReader {
  private static final String TOKEN = "accessToken";
  private static final String READ = "read";
  private static final int POSTS_AT_ONCE = 20;

  /** A channel's base is all of its address, the API's version included. */
  private static final Pattern NO_PATH = Pattern.compile("(?!)");

  /**
   * "Object with ID ... does not exist, cannot be loaded due to missing permissions, or does not
   * support this operation", and what else is wrong with one id alone:
   * graph-api/guides/error-handling.
   */
  private static final int PARAMETER = 100;

  private static final int DEPRECATED = 12;

  private final String platform;
  private final String fields;
  private final Function<JsonNode, Engagement> engagement;

  private MetaReader(
      Reach reach, String platform, String fields, Function<JsonNode, Engagement> engagement) {
    super(reach, new MetaLimits());
    this.platform = platform;
    this.fields = fields;
    this.engagement = engagement;
  }

  /** Reactions of all kinds count as likes, as the page shows them. */
  static MetaReader facebook(Reach reach) {
    return new MetaReader(
        reach,
        "facebook",
        "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares",
        post ->
            new Engagement(
                total(post, "reactions"),
                total(post, "comments"),
                JsonFields.count(post.path("shares"), "count"),
                0));
  }

  /** Where an account hides its likes Instagram tells none. */
  static MetaReader instagram(Reach reach) {
    return new MetaReader(
        reach,
        "instagram",
        "like_count,comments_count",
        media ->
            new Engagement(
                JsonFields.count(media, "like_count"),
                JsonFields.count(media, "comments_count"),
                0,
                0));
  }

  @Override
  public String platform() {
    return platform;
  }

  @Override
  public int mostAtOnce() {
    return POSTS_AT_ONCE;
  }

  @Override
  void count(Account account, List<Subject> subjects, Visit visit, Counts counts) throws Stopped {
    Address base = Address.of(account.url(), NO_PATH);
    String token = visit.credentials().value(TOKEN);
    for (Subject subject : subjects) {
      Address one = base.at("/" + Address.encoded(subject.nativeId())).with("fields", fields);
      Heard heard =
          visit.ask(
              Ask.get(one.uri(), Map.of("Authorization", "Bearer " + token)),
              READ,
              Secrets.holder(base.authority(), token));
      if (concernsThisOne(heard)) {
        // Gone, or not for this token to see: nobody knows, and the others can be read.
        continue;
      }
      JsonNode post = visit.good(heard).json();
      if (JsonFields.id(post, "id").isEmpty()) {
        throw Visit.failed("the answer is no post");
      }
      counts.put(subject.nativeId(), engagement.apply(post));
    }
  }

  private static boolean concernsThisOne(Heard heard) {
    int code = heard.ok() ? 0 : heard.json().path("error").path("code").asInt(0);
    return code == PARAMETER || code == DEPRECATED;
  }

  private static long total(JsonNode post, String edge) {
    return JsonFields.count(post.path(edge).path("summary"), "total_count");
  }
}
