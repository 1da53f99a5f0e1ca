package io.pulsegrid.sim;

import static io.pulsegrid.sim.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {
  private final Sim sim = Sim.start(SimOptions.local(0));
  private final Visitor visitor = new Visitor(sim);

  @AfterEach
  void close() {
    visitor.close();
    sim.close();
  }

  @Test
  void refusesWithoutHandling() throws IOException {
    wait("{'platform':'mastodon','op':'publish','kind':'refuse','count':1}");
    assertThatThrownBy(() -> visitor.publish("t-a", "x")).isInstanceOf(IOException.class);
    assertThat(visitor.ledger()).isEmpty();
    assertThat(visitor.publish("t-a", "x").statusCode()).isEqualTo(200);
  }

  @Test
  void createsAndThenCloses() throws IOException {
    wait("{'platform':'mastodon','op':'publish','kind':'create-then-close','count':1}");
    assertThatThrownBy(() -> visitor.publish("t-a", "x")).isInstanceOf(IOException.class);
    assertThat(visitor.ledger()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "create-then-500,500,1",
    "create-then-400,400,1",
    "500,500,0",
    "429,429,0",
    "429-bare,429,0",
    "401,401,0"
  })
  void answersAsTheKindSays(String kind, int status, int created) throws IOException {
    wait("{'platform':'mastodon','op':'publish','kind':'%s','count':1}".formatted(kind));
    assertThat(visitor.publish("t-a", "x").statusCode()).isEqualTo(status);
    assertThat(visitor.ledger()).hasSize(created);
    assertThat(visitor.violations()).isEmpty();
  }

  @Test
  void forgetsKeys() throws IOException {
    String[] key = {"Idempotency-Key", "k"};
    visitor.publish("t-a", "x", key);
    visitor.publish("t-a", "x", key);
    assertThat(visitor.ledger()).hasSize(1);
    wait("{'platform':'mastodon','op':'publish','kind':'forget-key','count':1}");
    assertThat(visitor.publish("t-a", "x", key).statusCode()).isEqualTo(200);
    assertThat(visitor.ledger()).hasSize(2);
    visitor.publish("t-a", "x", key);
    assertThat(visitor.ledger()).hasSize(2);
  }

  @Test
  void throttlesInThePlatformsOwnDialect() throws IOException {
    wait("{'kind':429,'delayMs':60000}");
    HttpResponse<String> mastodon = visitor.publish("t-a", "x");
    assertThat(mastodon.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
    String reset = mastodon.headers().firstValue("X-RateLimit-Reset").orElseThrow();
    assertThat(Instant.parse(reset)).isAfter(Instant.now().plusSeconds(30));
    HttpResponse<String> feed = visitor.get("/feeds/tech.rss");
    assertThat(feed.statusCode()).isEqualTo(429);
    assertThat(feed.headers().firstValue("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"delay", "create-then-delay"})
  void delays(String kind) throws IOException {
    wait("{'kind':'%s','delayMs':300,'count':1}".formatted(kind));
    Instant start = Instant.now();
    assertThat(visitor.publish("t-a", "x").statusCode()).isEqualTo(200);
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void strikesOnlyWhatMatches() throws IOException {
    wait("{'platform':'mastodon','kind':'500','match':'cursed'}");
    assertThat(visitor.publish("t-a", "fine").statusCode()).isEqualTo(200);
    assertThat(visitor.publish("t-a", "a cursed text").statusCode()).isEqualTo(500);
    assertThat(visitor.publish("t-cursed", "fine").statusCode()).isEqualTo(500);
    assertThat(visitor.get("/feeds/tech.rss").statusCode()).isEqualTo(200);
  }

  @Test
  void strikesAsOftenAsProbabilityAndCountSay() throws IOException {
    visitor.send("PUT", "/sim/limits", "{\"mastodon\":{\"limit\":1000,\"windowSeconds\":60}}");
    wait("{'kind':'500','op':'publish','probability':0.5}");
    int struck = 0;
    for (int i = 0; i < 200; i++) {
      struck += visitor.publish("t-a", "x" + i).statusCode() == 500 ? 1 : 0;
    }
    assertThat(struck).isBetween(60, 140);
    assertThat(json(visitor.get("/sim/faults")).at("/items/0/struck").intValue()).isEqualTo(struck);
    visitor.send("DELETE", "/sim/faults", "");
    assertThat(visitor.publish("t-a", "y").statusCode()).isEqualTo(200);
  }

  @Test
  void doesNotLieAboutWhatThePlatformItselfRefuses() throws IOException {
    wait("{'platform':'mastodon','op':'publish','kind':'create-then-500'}");
    assertThat(visitor.publish("t-a", " ").statusCode()).isEqualTo(422);
  }

  private void wait(String fault) throws IOException {
    HttpResponse<String> answer =
        visitor.send("POST", "/sim/faults", "[" + fault.replace('\'', '"') + "]");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
