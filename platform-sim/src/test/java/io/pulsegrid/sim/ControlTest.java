package io.pulsegrid.sim;

import static io.pulsegrid.sim.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {
  private final Sim sim = Sim.start(SimOptions.local(0));
  private final Visitor visitor = new Visitor(sim);

  @AfterEach
  void close() {
    visitor.close();
    sim.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST | faults | nonsense                                             | the body must be JSON
          POST | faults | "text"                                               | must be a list
          POST | faults | [{"kind":"explode"}]                                 | faults[0].kind must be one of
          POST | faults | [{"kind":"500"},{"kind":"delay"}]                    | faults[1].delayMs
          POST | faults | [{"kind":"500","platform":"myspace"}]                | faults[0].platform
          POST | faults | [{"kind":"500","platform":"feeds","op":"publish"}]   | faults[0].op
          POST | faults | [{"kind":"500","count":0}]                           | faults[0].count
          POST | faults | [{"kind":"500","probability":1.5}]                   | faults[0].probability
          POST | faults | [{"kind":"500","delayMs":-1}]                        | faults[0].delayMs
          POST | faults | [{"kind":"500","when":"now"}]                        | faults[0].when is unknown
          PUT  | limits | []                                                   | {platform: {limit, windowSeconds}}
          PUT  | limits | {"myspace":{"limit":1,"windowSeconds":1}}            | no limit on
          PUT  | limits | {"mastodon":{"limit":-1,"windowSeconds":1}}          | mastodon.limit
          PUT  | limits | {"mastodon":{"limit":1}}                             | mastodon.windowSeconds
          PUT  | limits | {"mastodon":{"limit":1,"windowSeconds":1,"per":"h"}} | mastodon.per is unknown
          PUT  | limits | {"mastodon":{"limit":1,"windowSeconds":1,"shared":1}} | mastodon.shared
          """)
  void refusesBadInputAndChangesNothing(String method, String what, String body, String message)
      throws IOException {
    HttpResponse<String> answer = visitor.send(method, "/sim/" + what, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("error").stringValue()).contains(message);
    assertThat(json(visitor.get("/sim/faults")).path("items")).isEmpty();
    assertThat(visitor.get("/sim/limits").body()).contains("10800");
  }

  @Test
  void appliesNewLimitsToWhatWasCountedBefore() throws IOException {
    visitor.publish("t-a", "one");
    visitor.publish("t-a", "two");
    HttpResponse<String> changed =
        visitor.send(
            "PUT",
            "/sim/limits",
            "{\"mastodon\":[{\"limit\":2,\"windowSeconds\":60},{\"limit\":9,\"windowSeconds\":900}]}");
    assertThat(changed.statusCode()).isEqualTo(200);
    HttpResponse<String> over = visitor.publish("t-a", "three");
    assertThat(over.statusCode()).isEqualTo(429);
    assertThat(over.headers().firstValue("X-RateLimit-Limit")).hasValue("2");
    assertThat(visitor.violations().get(0).path("count").intValue()).isEqualTo(3);
    assertThat(visitor.violations().get(0).path("windowSeconds").intValue()).isEqualTo(60);
  }

  @Test
  void aSharedLimitCountsAllAccountsTogetherBesideTheirOwn() throws IOException {
    visitor.send(
        "PUT",
        "/sim/limits",
        "{\"mastodon\":[{\"limit\":2,\"windowSeconds\":60},"
            + "{\"limit\":3,\"windowSeconds\":60,\"shared\":true}]}");
    assertThat(visitor.publish("t-a", "one").statusCode()).isEqualTo(200);
    assertThat(visitor.publish("t-a", "two").statusCode()).isEqualTo(200);
    assertThat(visitor.publish("t-a", "too many of its own").statusCode()).isEqualTo(429);
    assertThat(visitor.publish("t-b", "three").statusCode()).isEqualTo(200);
    assertThat(visitor.publish("t-b", "too many of all").statusCode()).isEqualTo(429);
    assertThat(visitor.violations().get(0).path("account").stringValue()).isEqualTo("a");
    assertThat(visitor.violations().get(1).path("account").stringValue()).isEqualTo("(app)");
    assertThat(visitor.violations().get(1).path("count").intValue()).isEqualTo(4);
  }

  @Test
  void forgetsTheLedgerAndViolationsTogether() throws IOException {
    visitor.send("PUT", "/sim/limits", "{\"mastodon\":{\"limit\":1,\"windowSeconds\":60}}");
    visitor.publish("t-a", "one");
    visitor.publish("t-a", "two");
    assertThat(visitor.violations()).hasSize(1);
    assertThat(visitor.send("DELETE", "/sim/ledger", "").statusCode()).isEqualTo(204);
    assertThat(visitor.ledger()).isEmpty();
    assertThat(visitor.violations()).isEmpty();
  }

  @Test
  void saysWhatItKnowsWhenAskedForSomethingElse() throws IOException {
    HttpResponse<String> answer = visitor.get("/sim/nothing");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("ledger, violations, faults and limits");
  }
}
