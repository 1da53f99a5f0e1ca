package io.pulsegrid.sim;

import static io.pulsegrid.sim.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HackerNewsTest {
  private final HandClock clock = new HandClock();
  private final Sim sim = Sim.start(SimOptions.local(0).withClock(clock));
  private final Visitor visitor = new Visitor(sim);

  @AfterEach
  void close() {
    visitor.close();
    sim.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"topstories", "newstories", "beststories", "askstories", "showstories"})
  void listsItemsThatExist(String list) throws IOException {
    List<Long> ids = ids(list);
    assertThat(ids).isNotEmpty().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(500);
    JsonNode item = item(ids.getFirst());
    assertThat(item.path("id").longValue()).isEqualTo(ids.getFirst());
    assertThat(item.path("type").stringValue()).isEqualTo("story");
    assertThat(item.path("time").longValue()).isLessThanOrEqualTo(clock.instant().getEpochSecond());
    assertThat(item.propertyNames()).contains("by", "title", "score", "descendants");
  }

  @Test
  void listsTheNewestFirstAsTimeGoesBy() throws IOException {
    List<Long> before = ids("newstories");
    assertThat(before).isSortedAccordingTo((a, b) -> b.compareTo(a));
    clock.advance(Duration.ofHours(1));
    List<Long> after = ids("newstories");
    assertThat(after.getFirst()).isGreaterThan(before.getFirst());
    assertThat(after).contains(before.getFirst());
    assertThat(json(visitor.get("/hackernews/v0/maxitem.json")).longValue())
        .isEqualTo(after.getFirst());
  }

  @Test
  void letsScoresGrow() throws IOException {
    long best = ids("beststories").getFirst();
    long story = ids("newstories").get(3);
    long early = item(story).path("score").longValue();
    clock.advance(Duration.ofHours(6));
    assertThat(item(story).path("score").longValue()).isGreaterThanOrEqualTo(early);
    assertThat(item(best).path("score").longValue()).isGreaterThan(10);
  }

  @Test
  void answersCommentsOfAStory() throws IOException {
    long best = ids("beststories").getFirst();
    JsonNode story = item(best);
    assertThat(story.path("kids")).hasSize(story.path("descendants").intValue()).isNotEmpty();
    JsonNode comment = item(story.at("/kids/0").longValue());
    assertThat(comment.path("type").stringValue()).isEqualTo("comment");
    assertThat(comment.path("parent").longValue()).isEqualTo(best);
  }

  @Test
  void answersNullForWhatIsNotThere() throws IOException {
    assertThat(visitor.get("/hackernews/v0/item/1.json").body()).isEqualTo("null");
    assertThat(visitor.get("/hackernews/v0/item/999999999999.json").body()).isEqualTo("null");
    assertThat(visitor.get("/hackernews/v0/user/nobody.json").body()).isEqualTo("null");
    assertThat(visitor.get("/hackernews/elsewhere").statusCode()).isEqualTo(404);
  }

  @Test
  void knowsWhoWroteAStory() throws IOException {
    JsonNode story = item(ids("newstories").getFirst());
    JsonNode user =
        json(visitor.get("/hackernews/v0/user/" + story.path("by").stringValue() + ".json"));
    assertThat(user.path("submitted").valueStream().map(JsonNode::longValue))
        .contains(story.path("id").longValue());
    assertThat(json(visitor.get("/hackernews/v0/updates.json")).path("items")).isNotEmpty();
  }

  private List<Long> ids(String list) throws IOException {
    List<Long> ids = new ArrayList<>();
    json(visitor.get("/hackernews/v0/" + list + ".json")).forEach(id -> ids.add(id.longValue()));
    return ids;
  }

  private JsonNode item(long id) throws IOException {
    return json(visitor.get("/hackernews/v0/item/" + id + ".json"));
  }
}
