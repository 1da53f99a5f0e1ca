package io.pulsegrid.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.api.fake.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "pulsegrid.api.requests-per-minute=60")
class RateTest extends FrontTest {
  @Autowired FakeClock clock;

  @BeforeEach
  void fillEveryBucket() {
    clock.advance(Duration.ofMinutes(2));
  }

  @Test
  void refusesAKeyThatAsksTooFastUntilItHasWaited() {
    Http.Answer first = reader.get("/api/v1/queue");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("RateLimit-Policy")).isEqualTo("\"key\";q=60;w=60");
    assertThat(first.header("RateLimit")).isEqualTo("\"key\";r=59;t=1");
    for (int i = 0; i < 59; i++) {
      assertThat(reader.get("/api/v1/queue").status()).isEqualTo(200);
    }

    Http.Answer refused = reader.get("/api/v1/queue");
    assertProblem(refused, 429, "rate-limited");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("RateLimit")).isEqualTo("\"key\";r=0;t=60");
    assertThat(writer.get("/api/v1/queue").status()).as("another key").isEqualTo(200);

    clock.advance(Duration.ofSeconds(1));
    assertThat(reader.get("/api/v1/queue").status()).isEqualTo(200);
    assertThat(reader.get("/api/v1/queue").status()).isEqualTo(429);
  }

  @Test
  void countsMoreForWhatCostsMore() {
    assertThat(reader.get("/api/v1/search?q=a&limit=500").header("RateLimit"))
        .startsWith("\"key\";r=55;");
    assertThat(reader.get("/api/v1/search?q=a").header("RateLimit")).startsWith("\"key\";r=54;");
    assertThat(reader.post("/api/v1/embeddings", "{\"texts\":[\"a\"]}").header("RateLimit"))
        .startsWith("\"key\";r=44;");
  }

  @Test
  void countsThePageWithTheApi() {
    for (int i = 0; i < 60; i++) {
      assertThat(reader.get("/api/v1/queue").status()).isEqualTo(200);
    }

    for (Http.Answer refused :
        List.of(page("/", "pg_read"), submit("/deliveries/none/retry", "", "pg_read"))) {
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header("Content-Type")).startsWith(HTML);
      assertThat(refused.text()).contains("asks too fast");
    }
    assertThat(page("/", "pg_write").status()).as("another key").isEqualTo(200);

    clock.advance(Duration.ofSeconds(1));
    assertThat(page("/", "pg_read").status()).isEqualTo(200);
    assertThat(reader.get("/api/v1/queue").status()).isEqualTo(429);
  }

  @Test
  void tellsNothingToCallersWithoutAKey() {
    Http.Answer answer = nobody.get("/api/v1/queue");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("RateLimit")).isEmpty();
    Http.Answer refused = reader.delete("/api/v1/channels/c1");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("RateLimit")).isNotEmpty();
  }
}
