package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakePosts;
import io.pulsegrid.api.fake.FakeSources;
import io.pulsegrid.api.fake.FakeTrendHistory;
import io.pulsegrid.api.fake.FakeTrends;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class ListeningTest extends FrontTest {
  @Autowired FakePosts posts;
  @Autowired FakeTrends trends;
  @Autowired FakeTrendHistory trendHistory;
  @Autowired FakeSources sources;

  @Test
  void searchesInItsShape() {
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "zebra", 1, 2);
    posts.add(Samples.post(WorkspaceId.DEFAULT, "z1", "A zebra crosses", trend.id()));
    posts.add(Samples.post(WorkspaceId.DEFAULT, "z2", "Two zebra cross", trend.id()));
    JsonNode json = reader.get("/api/v1/search?q=zebra&limit=1").json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder("hits", "total", "tookMillis", "next", "complete");
    assertThat(json.path("total").asLong()).isEqualTo(2);
    assertThat(json.path("tookMillis").asLong()).isEqualTo(4);
    JsonNode hit = json.path("hits").get(0);
    assertThat(hit.propertyNames()).containsExactly("post", "score");
    assertThat(hit.path("score").asDouble()).isEqualTo(.5);
    assertThat(hit.path("post").path("title").asString()).contains("zebra");
    JsonNode rest =
        reader.get("/api/v1/search?q=zebra&limit=1&cursor=" + json.path("next").asString()).json();
    assertThat(rest.propertyNames())
        .containsExactlyInAnyOrder("hits", "total", "tookMillis", "complete");
    assertThat(other.get("/api/v1/search?q=zebra").json().path("hits").size()).isZero();
  }

  @Test
  void showsFacetsAndHighlightsWhenAskedTo() {
    TrendId trend = TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "x", "quagga"));
    posts.add(Samples.post(WorkspaceId.DEFAULT, "q1", "A quagga grazes", trend));
    JsonNode json =
        reader.get("/api/v1/search?q=quagga&facets=trend,%20platform&highlight=true").json();
    assertThat(json.path("facets").toString())
        .isEqualTo(
            "{\"trend\":[{\"value\":\"any\",\"count\":1}],"
                + "\"platform\":[{\"value\":\"any\",\"count\":1}]}");
    assertThat(json.path("hits").get(0).path("highlights").toString())
        .isEqualTo("{\"title\":[\"a <em>quagga</em> &amp; b\"],\"text\":[]}");
  }

  @Test
  void handsEveryPartOfASearchOn() {
    String id = PostId.of(WorkspaceId.DEFAULT, "x", "1").value();
    reader.get(
        "/api/v1/search?q=a%20b&like="
            + id
            + "&mode=vector&platform=feed&since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z"
            + "&lang=en&tag=t&trend="
            + id
            + "&author=ada&minLikes=5&facets=lang,tag,lang&highlight=true");
    SearchQuery query = Objects.requireNonNull(posts.lastQuery());
    assertThat(query.text()).isEqualTo("a b");
    assertThat(query.like()).isEqualTo(new PostId(id));
    assertThat(query.mode()).isEqualTo(SearchQuery.Mode.VECTOR);
    assertThat(query.filter().platform()).isEqualTo("feed");
    assertThat(query.filter().lang()).isEqualTo("en");
    assertThat(query.filter().tag()).isEqualTo("t");
    assertThat(query.filter().trends()).containsExactly(new TrendId(id));
    assertThat(query.filter().author()).isEqualTo("ada");
    assertThat(query.filter().minLikes()).isEqualTo(5);
    assertThat(query.filter().since()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(query.filter().until()).isEqualTo("2026-02-01T00:00:00Z");
    assertThat(query.filter().workspace()).isEqualTo(WorkspaceId.DEFAULT);
    assertThat(query.also().facets()).containsExactly(Facet.LANG, Facet.TAG);
    assertThat(query.also().highlight()).isTrue();
    assertThat(query.page().limit()).isEqualTo(50);
    reader.get("/api/v1/search?like=" + id);
    assertThat(Objects.requireNonNull(posts.lastQuery()).text()).isNull();
    assertThat(Objects.requireNonNull(posts.lastQuery()).mode()).isEqualTo(SearchQuery.Mode.HYBRID);
  }

  @Test
  void embedsTexts() {
    Http.Answer answer = reader.post("/api/v1/embeddings", "{\"texts\":[\"a\",\"b\"]}");
    assertThat(answer.json().toString())
        .isEqualTo("{\"model\":\"fake-384\",\"dimensions\":2,\"vectors\":[[0.6,0.8],[0.6,0.8]]}");
    assertInvalid(reader.post("/api/v1/embeddings", "{\"texts\":[]}"), "texts");
    assertInvalid(reader.post("/api/v1/embeddings", "{\"texts\":[\"a\",\" \"]}"), "texts[1]");
    assertInvalid(reader.post("/api/v1/embeddings", "{}"), "texts");
  }

  @Test
  void showsATrendInItsShape() {
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "Rust in Linux", 4.5, 9);
    trends.add(trend);
    JsonNode json = reader.get("/api/v1/trends/" + trend.id()).json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "label",
            "keywords",
            "summary",
            "state",
            "score",
            "postCount",
            "platforms",
            "firstSeen",
            "lastSeen",
            "history");
    assertThat(json.path("id").asString()).isEqualTo(trend.id().value());
    assertThat(json.path("label").asString()).isEqualTo("Rust in Linux");
    assertThat(json.path("keywords").toString()).isEqualTo("[\"rust\",\"kernel\"]");
    assertThat(json.path("summary").asString()).startsWith("What people say");
    assertThat(json.path("state").asString()).isEqualTo("RISING");
    assertThat(json.path("score").asDouble()).isEqualTo(4.5);
    assertThat(json.path("postCount").asLong()).isEqualTo(9);
    assertThat(json.path("platforms").toString()).isEqualTo("{\"hackernews\":6,\"feed\":3}");
    assertThat(json.path("firstSeen").asString()).isEqualTo("2026-10-01T10:00:00Z");
    assertThat(json.path("lastSeen").asString()).isEqualTo("2026-10-01T11:59:00Z");
    String merged =
        TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "feed", "Rust in Linux")).value();
    assertThat(json.path("history").toString())
        .isEqualTo(
            "[{\"state\":\"EMERGING\",\"at\":\"2026-10-01T10:00:00Z\"},{\"event\":\"merged\",\"from\":[\""
                + merged
                + "\"],\"at\":\"2026-10-01T11:00:00Z\"}]");
    assertProblem(other.get("/api/v1/trends/" + trend.id()), 404, "not-found");
    assertProblem(reader.get("/api/v1/trends/unknown"), 404, "not-found");
  }

  @Test
  void tellsOfASplitInTheHistoriesOfBoth() {
    Trend plain = Samples.trend(WorkspaceId.DEFAULT, "parted", 1, 60);
    TrendId other = TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "feed", "other"));
    trends.add(
        new Trend(
            plain.id(),
            plain.workspace(),
            plain.wording(),
            plain.state(),
            plain.score(),
            plain.postCount(),
            plain.platforms(),
            plain.firstSeen(),
            plain.lastSeen(),
            List.of(
                new Trend.Moment.SplitFrom(other, plain.firstSeen()),
                new Trend.Moment.SplitInto(other, plain.lastSeen()))));
    assertThat(reader.get("/api/v1/trends/" + plain.id()).json().path("history").toString())
        .isEqualTo(
            "[{\"event\":\"split\",\"from\":[\"%s\"],\"at\":\"2026-10-01T10:00:00Z\"},{\"event\":\"split\",\"into\":[\"%s\"],\"at\":\"2026-10-01T11:59:00Z\"}]"
                .formatted(other, other));
  }

  @Test
  void answersWhatATrendsStateRestsOnAndWhatIsToCome() {
    Trend plain = Samples.trend(WorkspaceId.DEFAULT, "evident", 1, 60);
    trends.add(
        new Trend(
            plain.id(),
            plain.workspace(),
            plain.wording(),
            plain.state(),
            plain.score(),
            plain.postCount(),
            plain.platforms(),
            plain.firstSeen(),
            plain.lastSeen(),
            plain.history(),
            new Evidence(
                Instant.parse("2026-10-01T12:20:00Z"),
                List.of(4L, 8L, 8L, 9L, 12L, 14L),
                5,
                13.5,
                2)));
    JsonNode json = reader.get("/api/v1/trends/" + plain.id()).json();

    assertThat(json.path("evidence").toString())
        .isEqualTo(
            "{\"at\":\"2026-10-01T12:20:00Z\",\"hourly\":[4,8,8,9,12,14],\"hourNow\":5,"
                + "\"rate\":13.5,\"usual\":2.0}");
    JsonNode hours = json.path("forecast").path("hours");
    assertThat(hours.size()).isEqualTo(6);
    assertThat(hours.get(0).path("from").asString()).isEqualTo("2026-10-01T12:00:00Z");
    assertThat(hours.get(0).path("posts").asDouble())
        .isBetween(hours.get(0).path("low").asDouble(), hours.get(0).path("high").asDouble());
    assertThat(json.path("forecast").has("notEnoughData")).isFalse();
  }

  @Test
  void followsTheIdOfATrendThatWasMerged() {
    Trend trend = Samples.trend(WorkspaceId.DEFAULT, "merged", 1, 2);
    trends.add(trend);
    TrendId old = TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "feed", "older"));
    trends.alias(old, trend.id());
    Post post = Samples.post(WorkspaceId.DEFAULT, "m1", "Merged", trend.id());
    posts.add(post);
    assertThat(reader.get("/api/v1/trends/" + old).json().path("id").asString())
        .isEqualTo(trend.id().value());
    JsonNode items = reader.get("/api/v1/trends/" + old + "/posts").json().path("items");
    assertThat(items.size()).isEqualTo(1);
    assertThat(items.get(0).path("id").asString()).isEqualTo(post.id().value());
  }

  @Test
  void leavesOutTrendsOfOnePostUnlessAsked() {
    Trend alone = Samples.trend(WorkspaceId.DEFAULT, "alone", .1, 1);
    trends.add(alone);
    assertThat(reader.get("/api/v1/trends?limit=500").text()).doesNotContain(alone.id().value());
    assertThat(reader.get("/api/v1/trends?limit=500&minPosts=1").text())
        .contains(alone.id().value());
    assertThat(reader.get("/api/v1/trends?limit=500&minPosts=1&state=fading").text())
        .doesNotContain(alone.id().value());
  }

  @Test
  void managesSources() {
    Http.Answer made =
        writer.post(
            "/api/v1/sources",
            "{\"kind\":\"feed\",\"url\":\"https://example.org/feed\",\"every\":\"10m\"}");
    assertThat(made.status()).isEqualTo(201);
    JsonNode json = made.json();
    String at = made.header("Location");
    assertThat(at).isEqualTo("/api/v1/sources/" + json.path("id").asString());
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "kind",
            "url",
            "every",
            "priority",
            "status",
            "failuresInRow",
            "lastError",
            "lastCollectedAt",
            "notBefore",
            "createdAt");
    assertThat(json.path("kind").asString()).isEqualTo("feed");
    assertThat(json.path("url").asString()).isEqualTo("https://example.org/feed");
    assertThat(json.path("every").asString()).isEqualTo("PT10M");
    assertThat(json.path("priority").asInt()).isEqualTo(5);
    assertThat(json.path("status").asString()).isEqualTo("ACTIVE");

    String etag = made.header("ETag");
    assertThat(reader.get(at).header("ETag")).isEqualTo(etag);
    String cron =
        "{\"kind\":\"feed\",\"url\":\"https://example.org/feed\",\"cron\":\"0 0 * * * ?\",\"priority\":9}";
    Http.Answer changed = writer.put(at, cron, "If-Match", etag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().has("every")).isFalse();
    assertThat(changed.json().path("cron").asString()).isEqualTo("0 0 * * * ?");
    assertProblem(writer.put(at, cron, "If-Match", etag), 412, "stale");
    assertProblem(writer.delete(at, "If-Match", etag), 412, "stale");
    assertProblem(other.get(at), 404, "not-found");
    assertProblem(other.put(at, cron), 404, "not-found");
    assertProblem(other.delete(at), 404, "not-found");
    assertProblem(other.post(at + "/collect", ""), 404, "not-found");
    assertThat(writer.post(at + "/collect", "").status()).isEqualTo(202);
    assertThat(sources.visits()).containsExactly(json.path("id").asString());
    assertThat(reader.get("/api/v1/sources").text()).contains(json.path("id").asString());
    assertThat(writer.delete(at, "If-Match", changed.header("ETag")).status()).isEqualTo(204);
    assertProblem(reader.get(at), 404, "not-found");
  }

  @Test
  void takesCredentialsOfSourcesAndNeverShowsThem() {
    String body =
        """
        {"kind":"feed","url":"https://example.org/feed","credentials":{"apiKey":"k-secret"}}""";
    Http.Answer made = writer.post("/api/v1/sources", body);
    String at = made.header("Location");
    String id = made.json().path("id").asString();

    assertThat(made.status()).isEqualTo(201);
    assertThat(sources.secrets(id).value("apiKey")).isEqualTo("k-secret");
    assertThat(made.text() + reader.get(at).text() + reader.get("/api/v1/sources").text())
        .doesNotContain("k-secret", "credentials");
    writer.put(at, "{\"kind\":\"feed\",\"url\":\"https://example.org/feed\"}");
    assertThat(sources.secrets(id).value("apiKey")).isEqualTo("k-secret");
  }

  @Test
  void tellsHowAPostsEngagementGrew() {
    Post post =
        Samples.post(
            WorkspaceId.DEFAULT,
            "grown",
            "Grown",
            TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "hackernews", "grown")));
    posts.add(post);
    Instant then = Instant.parse("2026-10-01T08:00:00Z");
    posts.read(post.id().value(), new EngagementHistory.Reading(then, new Engagement(3, 1, 0, 40)));
    posts.read(
        post.id().value(),
        new EngagementHistory.Reading(then.plusSeconds(300), new Engagement(9, 2, 1, 90)));
    String at = "/api/v1/posts/" + post.id().value() + "/engagement";

    JsonNode items = reader.get(at).json().path("items");

    assertThat(items).hasSize(2);
    assertThat(items.path(0).toString())
        .isEqualTo(
            "{\"at\":\"2026-10-01T08:00:00Z\",\"likes\":3,\"comments\":1,\"shares\":0,\"views\":40}");
    assertThat(items.path(1).path("likes").asInt()).isEqualTo(9);
    assertThat(reader.get(at).json().path("virality").toString())
        .isEqualTo("{\"notEnoughData\":\"needs 3 readings 5 minutes apart, has 0\"}");
    assertProblem(other.get(at), 404, "not-found");
    assertProblem(reader.get("/api/v1/posts/nonsense/engagement"), 404, "not-found");
  }

  @Test
  void tellsWhetherAPostCatchesOn() {
    Post post =
        Samples.post(
            WorkspaceId.DEFAULT,
            "viral",
            "Viral",
            TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "hackernews", "viral")));
    posts.add(post);
    long[] likes = {20, 40, 400};
    for (int i = 0; i < likes.length; i++) {
      posts.read(
          post.id().value(),
          new EngagementHistory.Reading(
              post.publishedAt().plusSeconds(600L << i), new Engagement(likes[i], 0, 0, 0)));
    }

    JsonNode virality =
        reader.get("/api/v1/posts/" + post.id().value() + "/engagement").json().path("virality");

    assertThat(virality.path("catchesOn").asBoolean()).isTrue();
    assertThat(virality.path("score").asDouble()).isGreaterThan(50);
    assertThat(virality.path("evidence").path("gained").asLong()).isEqualTo(360);
    assertThat(virality.path("evidence").path("perHour").asDouble()).isEqualTo(1080);
  }

  @Test
  void showsTheRadarAsItStood() {
    Trend then = Samples.trend(WorkspaceId.DEFAULT, "Ships in the canal", 5, 4);
    trendHistory.record(Samples.NOON.minusSeconds(3600), List.of(then));
    trendHistory.record(Samples.NOON.minusSeconds(60), List.of());

    JsonNode past = reader.get("/api/v1/trends?at=2026-10-01T11:30:00Z").json();
    assertThat(past.path("items").size()).isEqualTo(1);
    assertThat(past.path("items").get(0).path("id").asString()).isEqualTo(then.id().value());
    assertThat(past.has("note")).isFalse();
    String one = "/api/v1/trends/" + then.id();
    assertThat(reader.get(one + "?at=2026-10-01T11:30:00Z").json().path("postCount").asLong())
        .isEqualTo(4);
    assertProblem(reader.get(one + "?at=2026-10-01T12:00:00Z"), 404, "not-found");
    assertProblem(other.get(one + "?at=2026-10-01T11:30:00Z"), 404, "not-found");
    assertThat(other.get("/api/v1/trends?at=2026-10-01T11:30:00Z").json().path("items").size())
        .isZero();

    JsonNode before = reader.get("/api/v1/trends?at=2026-09-01T00:00:00Z").json();
    assertThat(before.path("items").size()).isZero();
    assertThat(before.path("note").asString())
        .isEqualTo(
            "the record begins at 2026-10-01T11:00:00Z; 2026-09-01T00:00:00Z is taken as a time of"
                + " the posts");
  }
}
