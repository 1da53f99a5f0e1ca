package io.pulsegrid.connectors.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.connectors.Shared;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.source.Collector.Result;
import io.pulsegrid.core.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the platforms really answered, served again. */
class RecordedApisTest {
  private static final Source.Credentials TOKEN =
      new Source.Credentials(Map.of("accessToken", "recorded"));

  private final RememberingQuota quota = new RememberingQuota(() -> {});
  private LoopbackServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void readsARedditListing() throws IOException {
    serve("/r/AskReddit/hot", "reddit/listing-hot-0.json");

    List<IncomingPost> posts = collect("reddit", "/r/AskReddit/hot", TOKEN, 102);

    IncomingPost contest = byId(posts, "t3_46c00m");
    assertThat(contest.content().title())
        .isEqualTo("THE ASKREDDIT MOBILE DESIGN EXTRAVAGANZA CONTEST!");
    assertThat(contest.content().text())
        .startsWith("Hi everybody! (Hi Doctor Nick!)\n\nAskReddit needs some mobile");
    assertThat(contest.content().author()).isEqualTo("orangejulius");
    assertThat(contest.content().url())
        .startsWith("https://www.reddit.com/r/AskReddit/comments/46c00m/");
    assertThat(contest.content().category()).isEqualTo("AskReddit");
    assertThat(contest.content().tags()).containsExactly("Modpost");
    assertThat(contest.engagement()).isEqualTo(new Engagement(1382, 433, 0, 0));
    assertThat(contest.publishedAt()).isEqualTo(Instant.ofEpochSecond(1455755445));
  }

  @Test
  void readsAMastodonTimeline() throws IOException {
    serve("/api/v1/timelines/public", "mastodon/timeline-public-0.json");

    List<IncomingPost> posts = collect("mastodon", "", Source.Credentials.NONE, 20);

    IncomingPost goals = byId(posts, "114870362701816829");
    assertThat(goals.content().text())
        .startsWith("Two goals in a dominating win over Miami. ")
        .contains("\nEvander is your Player of the Matchday")
        .doesNotContain("<");
    assertThat(goals.content().author()).isEqualTo("MLS@sportsbots.xyz");
    assertThat(goals.content().lang()).isEqualTo("en");
    assertThat(goals.content().url())
        .isEqualTo("https://twitter.com/MLS/status/1945936961954259215");
    assertThat(goals.publishedAt()).isEqualTo("2025-07-17T20:01:40Z");
    assertThat(quota.remaining()).isEqualTo(286);
  }

  @Test
  void readsABlueskySearch() throws IOException {
    serve("/xrpc/app.bsky.feed.searchPosts", "bluesky/search-0.json");

    List<IncomingPost> posts =
        collect(
            "bluesky",
            "/xrpc/app.bsky.feed.searchPosts?q=redistricting",
            Source.Credentials.NONE,
            25);

    IncomingPost paper = posts.getLast();
    assertThat(paper.content().nativeId())
        .startsWith("at://did:plc:")
        .contains("/app.bsky.feed.post/");
    assertThat(posts)
        .anySatisfy(
            post -> {
              assertThat(post.content().author()).isEqualTo("socpaperbot.bsky.social");
              assertThat(post.content().url())
                  .startsWith("https://bsky.app/profile/socpaperbot.bsky.social/post/");
              assertThat(post.content().text()).startsWith("Ends Versus Means: Public Opinion");
              assertThat(post.publishedAt()).isEqualTo("2025-05-19T17:10:09.561858Z");
            });
    assertThat(posts).anyMatch(post -> "en".equals(post.content().lang()));
    assertThat(posts).anyMatch(post -> !post.content().tags().isEmpty());
    assertThat(quota.remaining()).isEqualTo(2983);
  }

  @Test
  void readsArticlesOfDevto() throws IOException {
    serve("/api/articles/latest", "devto/articles.json");

    List<IncomingPost> posts = collect("devto", "", Source.Credentials.NONE, 3);

    IncomingPost client = byId(posts, "164198");
    assertThat(client.content().title()).isEqualTo("A DEV.to API client is born");
    assertThat(client.content().author()).isEqualTo("victoravelar");
    assertThat(client.content().tags()).contains("go");
    assertThat(client.content().url()).startsWith("https://dev.to/victoravelar/");
    assertThat(client.engagement()).isEqualTo(new Engagement(6, 0, 0, 0));
    assertThat(client.publishedAt()).isEqualTo("2019-09-03T11:07:53Z");
  }

  @Test
  void readsARepositorySearch() throws IOException {
    serve("/search/repositories", "github/search-repositories.json");
    JsonNode recorded = recording("github/search-repositories.json");

    List<IncomingPost> posts =
        collect(
            "github",
            "/search/repositories?q=tetris",
            Source.Credentials.NONE,
            recorded.path("items").size());

    IncomingPost tetros = byId(posts, "68911683");
    assertThat(tetros.content().title()).isEqualTo("daniel-e/tetros");
    assertThat(tetros.content().text()).isEqualTo("Tetris that fits into the boot sector.");
    assertThat(tetros.content().author()).isEqualTo("daniel-e");
    assertThat(tetros.content().category()).isEqualTo("Assembly");
    assertThat(tetros.content().url()).isEqualTo("https://github.com/daniel-e/tetros");
    assertThat(tetros.engagement()).isEqualTo(new Engagement(690, 0, 40, 0));
    assertThat(tetros.publishedAt()).isEqualTo("2016-09-22T10:42:55Z");
  }

  @Test
  void readsAVideoSearchAndTheVideos() throws IOException {
    serve("/youtube/v3/search", "youtube/search-p1.json");
    serve("/youtube/v3/videos", "youtube/videos.json");
    Source.Credentials key = new Source.Credentials(Map.of("apiKey", "recorded"));

    List<IncomingPost> found = collect("youtube", "/youtube/v3/search?q=surfing", key, 25);
    List<IncomingPost> chart = collect("youtube", "/youtube/v3/videos?chart=mostPopular", key, 2);

    IncomingPost wave = byId(found, "gQ_1zX-F_No");
    assertThat(wave.content().title()).startsWith("SURFING HAWAII’S BEST WAVE WITH MY GIRLFRIEND");
    assertThat(wave.content().author()).isEqualTo("Jamie O'Brien");
    assertThat(wave.content().url()).isEqualTo("https://www.youtube.com/watch?v=gQ_1zX-F_No");
    assertThat(wave.publishedAt()).isEqualTo("2019-12-05T19:00:10Z");
    IncomingPost assistant = byId(chart, "D-lhorsDlUQ");
    assertThat(assistant.content().tags()).hasSize(20).contains("Google");
    assertThat(assistant.content().lang()).isEqualTo("en");
    assertThat(assistant.content().category()).isEqualTo("28");
  }

  /** One field after the other is absent, null, or of another type. */
  @ParameterizedTest
  @CsvSource({
    "reddit, /r/AskReddit/hot, reddit/listing-hot-0.json, /data/children",
    "mastodon, /api/v1/timelines/public, mastodon/timeline-public-0.json, ''",
    "bluesky, /xrpc/app.bsky.feed.searchPosts, bluesky/search-0.json, /posts",
    "devto, /api/articles/latest, devto/articles.json, ''",
    "github, /search/repositories, github/search-repositories.json, /items",
    "youtube, /youtube/v3/search, youtube/search-p1.json, /items"
  })
  void readsTheOthersWhateverOneOfThemHolds(String kind, String path, String name, String list)
      throws IOException {
    JsonNode recorded = recording(name);
    int others = recorded.at(list).size() - 1;
    AtomicReference<JsonNode> served = new AtomicReference<>(recorded);
    server.on(
        path,
        exchange ->
            LoopbackServer.answer(
                exchange, 200, Map.of(), LoopbackServer.bytes(String.valueOf(served.get()))));
    TestReach reach = new TestReach(Quota.OPEN);
    Source.Credentials credentials =
        switch (kind) {
          case "reddit" -> TOKEN;
          case "youtube" -> new Source.Credentials(Map.of("apiKey", "recorded"));
          default -> Source.Credentials.NONE;
        };

    for (JsonNode mutant : Mutants.of(recorded, list + "/0")) {
      served.set(mutant);
      Result result =
          reach.collect(kind, server.url(path + "?q=q"), credentials, Source.Position.START);

      assertThat(result).as("%s", mutant.at(list + "/0")).isInstanceOf(Result.Collected.class);
      assertThat(((Result.Collected) result).posts())
          .as("%s", mutant.at(list + "/0"))
          .hasSizeBetween(others, others + 1)
          .allSatisfy(post -> assertThat(post.errors()).isEmpty());
    }
  }

  private List<IncomingPost> collect(
      String kind, String path, Source.Credentials credentials, int expected) {
    TestReach reach = new TestReach(quota);
    Result result = reach.collect(kind, server.url(path), credentials, Source.Position.START);
    assertThat(result).isInstanceOf(Result.Collected.class);
    Result.Collected collected = (Result.Collected) result;
    assertThat(collected.rejected()).isEmpty();
    assertThat(collected.posts()).hasSize(expected);
    assertThat(
            new HashSet<>(collected.posts().stream().map(it -> it.content().nativeId()).toList()))
        .hasSize(expected);
    assertThat(collected.posts())
        .allSatisfy(
            post -> {
              assertThat(post.content().platform()).isEqualTo(kind);
              assertThat(post.content().author()).isNotBlank();
              assertThat(post.content().url()).startsWith("https://");
              assertThat(post.content().wording()).doesNotContain("&amp;", "&#39;", "&lt;");
              assertThat(post.publishedAt()).isNotNull();
              assertThat(post.errors()).isEmpty();
            });
    return collected.posts();
  }

  private static IncomingPost byId(List<IncomingPost> posts, String nativeId) {
    return posts.stream()
        .filter(post -> post.content().nativeId().equals(nativeId))
        .findFirst()
        .orElseThrow();
  }

  /** Served as it was recorded, headers included. */
  private void serve(String path, String name) throws IOException {
    byte[] body = Shared.bytes("recordings/" + name);
    Map<String, String> headers = headers(name.replace(".json", ".headers.json"));
    server.on(path, (HttpExchange exchange) -> LoopbackServer.answer(exchange, 200, headers, body));
  }

  private static Map<String, String> headers(String name) throws IOException {
    Map<String, String> headers = new HashMap<>();
    if (Files.exists(Shared.file("recordings").resolve(name))) {
      recording(name)
          .properties()
          .forEach(
              it ->
                  headers.put(
                      it.getKey(),
                      it.getValue().isArray()
                          ? it.getValue().path(0).asString()
                          : it.getValue().asString()));
    }
    headers.remove("Date");
    headers.remove("date");
    return headers;
  }

  private static JsonNode recording(String name) throws IOException {
    return JsonMapper.shared().readTree(Shared.bytes("recordings/" + name));
  }
}
