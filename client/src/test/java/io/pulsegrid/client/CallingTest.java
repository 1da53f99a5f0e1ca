package io.pulsegrid.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallingTest {
  private static final String HELLO =
      "{\"contract\":\"1.3\",\"status\":200}\n{\"contract\":\"1.3\"}";
  private static final String CREATED =
      "{\"contract\":\"1.3\",\"status\":201}\n{\"id\":\"p\",\"state\":\"SCHEDULED\",\"text\":\"t\","
          + "\"channels\":[],\"resolved\":[],\"deliveries\":[]}";
  private static final NewScheduledPost POST = NewScheduledPost.of("t", When.now(), "c");

  private final List<Duration> waited = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  private Pulsegrid over(StandInDoor door) {
    return Pulsegrid.over(
        () -> {},
        door,
        Connection.to("pg_key", "nowhere:1"),
        new Calling.Surroundings(
            nanos::get,
            length -> {
              waited.add(length);
              nanos.addAndGet(length.toNanos());
            },
            () -> "once-1"));
  }

  @Test
  void triesAgainUnderOneIdempotencyKeyUntilItIsAnswered() {
    var door = new StandInDoor(HELLO, "", problem(503, "unavailable", 3), CREATED);
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.schedule(POST).id()).isEqualTo("p");
    }
    assertThat(door.asked().subList(1, 4)).containsOnly(door.asked().get(1));
    assertThat(door.asked().get(1)).contains("\"once\":\"once-1\"");
    assertThat(waited).containsExactly(Duration.ofMillis(50), Duration.ofSeconds(3));
  }

  @Test
  void schedulesABatchUnderTheProgramsOwnKeyOrOneOfTheCall() {
    String answered =
        "{\"contract\":\"1.3\",\"status\":200}\n{\"created\":1,\"refused\":0,\"results\":[]}";
    var door = new StandInDoor(HELLO, answered, answered);
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.scheduleAll(List.of(POST), true, "nightly").created()).isEqualTo(1);
      assertThat(pulsegrid.scheduleAll(List.of(POST), true).created()).isEqualTo(1);
    }
    assertThat(door.asked().get(1)).contains("\"once\":\"nightly\"");
    assertThat(door.asked().get(2)).contains("\"once\":\"once-1\"");
  }

  @Test
  void decidesUnderAnIdempotencyKey() {
    String delivery =
        "{\"contract\":\"1.3\",\"status\":200}\n{\"id\":\"d\",\"state\":\"PUBLISHED\",\"attempts\":1}";
    var door = new StandInDoor(HELLO, "", delivery);
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.confirm("d", true, null).state()).isEqualTo("PUBLISHED");
    }
    assertThat(door.asked().subList(1, 3))
        .containsOnly(
            "{\"contract\":\"1.3\",\"key\":\"pg_key\",\"operation\":\"deliveries.confirm\",\"once\":\"once-1\"}\n"
                + "{\"id\":\"d\",\"word\":{\"published\":true}}");
  }

  @Test
  void tellsARefusalInRestsWordsAtOnce() {
    var door =
        new StandInDoor(
            HELLO,
            "{\"contract\":\"1.3\",\"status\":422}\n{\"code\":\"invalid\",\"detail\":\"text: is empty\","
                + "\"errors\":[{\"field\":\"text\",\"message\":\"is empty\"}],\"later\":1}");
    try (Pulsegrid pulsegrid = over(door)) {
      assertThatThrownBy(() -> pulsegrid.schedule(POST))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refused -> {
                assertThat(refused.code()).isEqualTo("invalid");
                assertThat(refused.status()).isEqualTo(422);
                assertThat(refused.errors()).containsExactly(new FieldError("text", "is empty"));
              });
    }
    assertThat(waited).isEmpty();
  }

  @Test
  void givesUpWhenItsPatienceIsOver() {
    String[] script = new String[64];
    java.util.Arrays.fill(script, problem(429, "rate-limited", 19));
    script[0] = HELLO;
    try (Pulsegrid pulsegrid = over(new StandInDoor(script))) {
      assertThatThrownBy(() -> pulsegrid.delivery("d"))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              refused -> assertThat(refused.code()).isEqualTo("rate-limited"));
    }
    assertThat(waited)
        .containsExactly(Duration.ofSeconds(19), Duration.ofSeconds(19), Duration.ofSeconds(19));
  }

  @Test
  void refusesAGridOfAnotherMajorVersion() {
    var door = new StandInDoor("{\"contract\":\"2.0\",\"status\":200}\n{\"contract\":\"2.0\"}");
    assertThatThrownBy(() -> over(door))
        .isInstanceOf(PulsegridException.class)
        .hasMessage("the grid speaks contract 2.0, this program 1.3");
  }

  @Test
  void showsNoSecret() {
    assertThat(Connection.to("pg_key", "h:1").toString()).doesNotContain("pg_key");
  }

  private static String problem(int status, String code, int retryAfter) {
    return "{\"contract\":\"1.3\",\"status\":%d,\"retryAfter\":%d}\n{\"code\":\"%s\",\"detail\":\"no\"}"
        .formatted(status, retryAfter, code);
  }
}
