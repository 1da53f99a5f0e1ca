package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakePosts;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.core.trend.TrendId;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class PostsTest extends FrontTest {
  @Autowired FakePosts posts;

  @AfterEach
  void comeBack() {
    posts.away(false);
  }

  private Http.Answer load(String type, String query, String body) {
    return writer.post("/api/v1/posts/import" + query, body, "Content-Type", type);
  }

  private PostImport.Options options() {
    return Objects.requireNonNull(posts.lastOptions());
  }

  @Test
  void importsAndTellsWhatBecameOfTheLines() {
    Http.Answer answer = load("application/x-ndjson", "?platform=hackernews", "{}\n{}\n{}\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"accepted\":2,\"unchanged\":1,\"rejected\":1,\"errors\":[{\"line\":3,\"field\":"
                + "\"title\",\"message\":\"one of title and text is required\"}],"
                + "\"ignoredColumns\":[\"rank\"]}");
    assertThat(options().format()).isEqualTo(PostImport.Format.NDJSON);
    assertThat(options().platform()).isEqualTo("hackernews");
    assertThat(posts.lastBytes()).isEqualTo(9);
  }

  @Test
  void readsHowAnImportIsMapped() {
    load(
        "text/csv; charset=utf-8",
        "?map=id=nativeId,points=likes&dateFormat=dd.MM.yyyy&zone=Europe/Paris",
        "id,points\n");
    assertThat(options().format()).isEqualTo(PostImport.Format.CSV);
    assertThat(options().columns()).isEqualTo(Map.of("id", "nativeId", "points", "likes"));
    assertThat(options().dateFormat()).isEqualTo("dd.MM.yyyy");
    assertThat(options().zone()).isEqualTo(ZoneId.of("Europe/Paris"));
    assertThat(options().platform()).isNull();
  }

  @Test
  void refusesOptionsItCannotUse() {
    assertInvalid(load("text/csv", "?map=id&zone=Mars", "id\n"), "zone,map");
    assertInvalid(load("text/csv", "?map=a=title,a=text", "a\n"), "map");
  }

  @Test
  void importsStreamsLargerThanAnyBuffer() {
    long size = 40L << 20;
    Http.Answer answer =
        writer.send(
            "POST",
            "/api/v1/posts/import?platform=x",
            BodyPublishers.ofInputStream(() -> zeros(size)),
            "Content-Type",
            "application/x-ndjson");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(posts.lastBytes()).isEqualTo(size);
  }

  @Test
  void saysWhenToComeBackWhileTheStoreIsAway() {
    posts.away(true);
    Http.Answer answer = load("application/x-ndjson", "?platform=x", "{}\n");
    assertProblem(answer, 503, "unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("7");
  }

  @Test
  void showsAPostInItsShape() {
    TrendId trend = Samples.trend(WorkspaceId.DEFAULT, "shape", 1, 2).id();
    Post post = Samples.post(WorkspaceId.DEFAULT, "shape", "A shape", trend);
    posts.add(post);
    Http.Answer answer = reader.get("/api/v1/posts/" + post.id());
    assertThat(answer.status()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "platform",
            "nativeId",
            "url",
            "author",
            "title",
            "text",
            "publishedAt",
            "lang",
            "category",
            "tags",
            "engagement",
            "collectedAt",
            "stage",
            "duplicateOf",
            "trendId",
            "source");
    assertThat(json.path("id").asString()).isEqualTo(post.id().value());
    assertThat(json.path("platform").asString()).isEqualTo("hackernews");
    assertThat(json.path("nativeId").asString()).isEqualTo("shape");
    assertThat(json.path("url").asString()).isEqualTo("https://example.org/shape");
    assertThat(json.path("author").asString()).isEqualTo("ada");
    assertThat(json.path("title").asString()).isEqualTo("A shape");
    assertThat(json.path("text").isNull()).isTrue();
    assertThat(json.path("publishedAt").asString()).isEqualTo("2026-10-01T11:49:55Z");
    assertThat(json.path("collectedAt").asString()).isEqualTo("2026-10-01T11:51:40Z");
    assertThat(json.path("lang").asString()).isEqualTo("en");
    assertThat(json.path("category").asString()).isEqualTo("story");
    assertThat(json.path("tags").toString()).isEqualTo("[\"tech\"]");
    assertThat(json.path("engagement").toString())
        .isEqualTo("{\"likes\":111,\"comments\":22,\"shares\":3,\"views\":4}");
    assertThat(json.path("stage").asString()).isEqualTo("CLUSTERED");
    assertThat(json.path("duplicateOf").isNull()).isTrue();
    assertThat(json.path("trendId").asString()).isEqualTo(trend.value());
    assertThat(json.path("source").asString()).isEqualTo("s1");

    String etag = answer.header("ETag");
    assertThat(reader.get("/api/v1/posts/" + post.id(), "If-None-Match", etag).status())
        .isEqualTo(304);
    assertProblem(other.get("/api/v1/posts/" + post.id()), 404, "not-found");
    assertProblem(reader.get("/api/v1/posts/unknown"), 404, "not-found");
  }

  @Test
  void listsPageByPage() {
    TrendId trend = Samples.trend(WorkspaceId.DEFAULT, "pages", 1, 2).id();
    for (int i = 0; i < 3; i++) {
      posts.add(Samples.post(WorkspaceId.DEFAULT, "page" + i, "Page " + i, trend));
    }
    String list = "/api/v1/posts?limit=2&trend=" + trend;
    JsonNode first = reader.get(list).json();
    assertThat(first.propertyNames()).containsExactly("items", "next");
    assertThat(first.path("items").size()).isEqualTo(2);
    JsonNode second = reader.get(list + "&cursor=" + first.path("next").asString()).json();
    assertThat(second.propertyNames()).containsExactly("items");
    assertThat(second.path("items").size()).isEqualTo(1);
    assertThat(other.get("/api/v1/posts").json().path("items").size()).isZero();
  }

  @Test
  void listsCopiesWithWhatTheyComeTo() {
    TrendId trend = Samples.trend(WorkspaceId.DEFAULT, "copies", 1, 2).id();
    Post original = Samples.post(WorkspaceId.DEFAULT, "copied", "A story", trend);
    posts.add(original);
    for (int i = 0; i < 3; i++) {
      posts.add(
          Samples.copy(Samples.post(WorkspaceId.DEFAULT, "copy" + i, "A story", trend), original));
    }
    String list = "/api/v1/posts/" + original.id() + "/copies?limit=2";
    JsonNode first = reader.get(list).json();
    assertThat(first.propertyNames()).containsExactly("copies", "reach", "items", "next");
    assertThat(first.path("copies").asInt()).isEqualTo(3);
    assertThat(first.path("reach").toString())
        .isEqualTo("{\"likes\":444,\"comments\":88,\"shares\":12,\"views\":16}");
    assertThat(first.path("items").size()).isEqualTo(2);
    assertThat(first.at("/items/0/duplicateOf").asString()).isEqualTo(original.id().value());
    JsonNode second = reader.get(list + "&cursor=" + first.path("next").asString()).json();
    assertThat(second.propertyNames()).containsExactly("items");
    assertThat(second.path("items").size()).isEqualTo(1);

    JsonNode none =
        reader.get("/api/v1/posts/" + first.at("/items/0/id").asString() + "/copies").json();
    assertThat(none.path("copies").asInt(-1)).as("a copy has none of its own").isZero();
    assertThat(none.path("items").size()).isZero();

    assertProblem(other.get(list), 404, "not-found");
    assertProblem(reader.get("/api/v1/posts/unknown/copies"), 404, "not-found");
    assertInvalid(reader.get("/api/v1/posts/" + original.id() + "/copies?limit=0"), "limit");
  }

  @Test
  void handsEveryFilterOn() {
    reader.get(
        "/api/v1/posts?platform=feed&source=s9&since=2026-01-01T00:00:00%2B01:00&until=2026-02-01T00:00:00Z");
    var query = Objects.requireNonNull(posts.lastList());
    assertThat(query.platform()).isEqualTo("feed");
    assertThat(query.source()).isEqualTo("s9");
    assertThat(query.since()).isEqualTo(Instant.parse("2025-12-31T23:00:00Z"));
    assertThat(query.until()).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
    assertThat(query.workspace()).isEqualTo(WorkspaceId.DEFAULT);
  }

  private static InputStream zeros(long size) {
    return new InputStream() {
      private long left = size;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        int some = (int) Math.min(left, length);
        left -= some;
        return some == 0 ? -1 : some;
      }
    };
  }
}
