package io.pulsegrid.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** This version with grids one minor version older and newer; the older one's words are kept. */
class PreviousContractTest {
  private static Pulsegrid over(StandInDoor door) {
    return Pulsegrid.over(
        () -> {},
        door,
        Connection.to("pg_key", "nowhere:1"),
        new Calling.Surroundings(System::nanoTime, _ -> {}, () -> "once"));
  }

  @Test
  void readsWhatAGridOfThePreviousVersionAnswers() throws Exception {
    var door =
        new StandInDoor(
            kept("hello"), kept("posts.get"), kept("events.begin"), kept("events.next"));
    BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.post("mfzwizltoqxwk5dfonsgc3djnz").engagement().likes()).isEqualTo(111);
      try (Subscription _ = pulsegrid.subscribe(Set.of("delivery"), told::add)) {
        Event event = told.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.delivery().state()).isEqualTo("PUBLISHED");
      }
    }
    // What the previous version does not know is not asked of it: it refuses unknown fields.
    assertThat(door.asked().subList(2, 4)).noneMatch(message -> message.contains("patienceMillis"));
  }

  @Test
  void passesOverWhatAGridOfTheNextVersionAdds() {
    var door =
        new StandInDoor(
            "{\"contract\":\"1.2\",\"status\":200,\"new\":{}}\n{\"contract\":\"1.2\",\"more\":[1]}",
            "{\"contract\":\"1.2\",\"status\":200}\n{\"model\":\"m\",\"dimensions\":1,"
                + "\"vectors\":[[0.5]],\"later\":true}");
    try (Pulsegrid pulsegrid = over(door)) {
      assertThat(pulsegrid.embed(List.of("a")).vectors().getFirst()).containsExactly(0.5f);
    }
  }

  private static String kept(String answer) throws IOException {
    try (InputStream in =
        PreviousContractTest.class.getResourceAsStream(
            "/contract/1.0/answers/" + answer + ".txt")) {
      if (in == null) {
        throw new IOException("no fixture " + answer);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
