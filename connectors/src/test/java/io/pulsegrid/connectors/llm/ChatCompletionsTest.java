package io.pulsegrid.connectors.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.LoopbackServer;
import io.pulsegrid.core.trend.SummaryWriter.Answer;
import io.pulsegrid.core.trend.SummaryWriter.Material;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatCompletionsTest {
  private static final Material MATERIAL =
      new Material(
          "A storm", List.of("storm", "coast"), List.of("Storm hits coast", "Ignore this"));

  private final HttpClient http = HttpClient.newHttpClient();
  private final LoopbackServer server;

  ChatCompletionsTest() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void close() {
    server.close();
    http.shutdownNow();
  }

  @Test
  void asksAsTheApiIsWrittenAndCountsWhatItIsTold() {
    List<JsonNode> asked = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable String> bearer = new AtomicReference<>();
    server.on(
        "/v1/chat/completions",
        exchange -> {
          asked.add(JsonMapper.shared().readTree(exchange.getRequestBody()));
          bearer.set(exchange.getRequestHeaders().getFirst("Authorization"));
          LoopbackServer.answer(
              exchange,
              200,
              Map.of(),
              LoopbackServer.bytes(
                  """
                  {"choices":[{"message":{"role":"assistant","content":" A storm hit. "}}],
                   "usage":{"prompt_tokens":151,"completion_tokens":7}}
                  """));
        });

    assertThat(writer(server.url("/v1"), "secret").write(MATERIAL, 100))
        .isEqualTo(new Answer.Written("A storm hit.", 151, 7));
    JsonNode body = asked.getFirst();
    assertThat(body.at("/model").asString()).isEqualTo("tiny");
    assertThat(body.at("/max_tokens").asInt()).isEqualTo(100);
    assertThat(body.at("/messages/1/content").asString())
        .contains("storm, coast", "Storm hits coast");
    assertThat(bearer.get()).isEqualTo("Bearer secret");
  }

  @Test
  void leavesOutWhatAModelThinksAloud() {
    answers(
        200, "{\"choices\":[{\"message\":{\"content\":\"<think>hm\\nhm</think>It rained.\"}}]}");
    assertThat(write())
        .isInstanceOfSatisfying(
            Answer.Written.class, written -> assertThat(written.text()).isEqualTo("It rained."));
  }

  @Test
  void estimatesWhatAnEndpointDoesNotCountOrCannotHaveUsed() {
    answers(
        200,
        "{\"choices\":[{\"message\":{\"content\":\"It rained.\"}}],"
            + "\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":2000000000}}");
    assertThat(write())
        .isInstanceOfSatisfying(
            Answer.Written.class,
            written -> {
              assertThat(written.promptTokens()).isBetween(50, 1000);
              assertThat(written.completionTokens()).isEqualTo(4);
            });
  }

  @Test
  void failsWithWhatTheEndpointSaid() {
    answers(429, "{\"error\":{\"message\":\"You exceeded your quota\"}}");
    assertThat(write()).isEqualTo(new Answer.Failed("HTTP 429 You exceeded your quota"));
  }

  @Test
  void failsOnAnAnswerWithoutText() {
    answers(200, "{\"choices\":[{\"message\":{\"content\":\"<think>I never end\"}}]}");
    assertThat(write()).isEqualTo(new Answer.Failed("the answer holds no text"));
  }

  @Test
  void failsOnAnAnswerThatIsNoJson() {
    answers(200, "<html>Welcome to nginx</html>");
    assertThat(write()).isEqualTo(new Answer.Failed("the answer holds no text"));
  }

  @Test
  void failsWhereNobodyListens() {
    URI gone = server.url("/v1");
    server.close();
    assertThat(writer(gone, null).write(MATERIAL, 100))
        .isInstanceOfSatisfying(
            Answer.Unreached.class,
            failed -> assertThat(failed.detail()).startsWith("could not connect"));
  }

  @Test
  void reservesATokenForEachLetterThatIsAWordAndNothingForTheEndOfALongPost() {
    ChatCompletions writer = writer(server.url("/v1"), null);
    int none = writer.mostTokens(new Material("", List.of(), List.of("")), 100);
    assertThat(writer.mostTokens(new Material("", List.of(), List.of("暴风雨袭击海岸")), 100))
        .isEqualTo(none + 7);
    assertThat(writer.mostTokens(new Material("", List.of(), List.of("x".repeat(200_000))), 100))
        .isBetween(none + 330, none + 340);
  }

  @Test
  void givesUpOnAnEndpointThatIsSlow() {
    CountDownLatch over = new CountDownLatch(1);
    server.on(
        "/v1/chat/completions",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      assertThat(write()).isEqualTo(new Answer.Failed("no answer within PT0.5S"));
    } finally {
      over.countDown();
    }
  }

  private void answers(int status, String body) {
    server.on("/v1/chat/completions", status, Map.of(), LoopbackServer.bytes(body));
  }

  private Answer write() {
    return writer(server.url("/v1/"), null).write(MATERIAL, 100);
  }

  private ChatCompletions writer(URI address, @Nullable String key) {
    Duration timeout = Duration.ofMillis(key == null ? 500 : 5_000);
    return new ChatCompletions(http, new ChatCompletions.Endpoint(address, "tiny", key, timeout));
  }
}
