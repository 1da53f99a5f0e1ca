package io.pulsegrid.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.client.ClientAuthenticationException;
import org.apache.ignite.client.ClientConnectionException;
import org.apache.ignite.client.ClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A line over nodes of which some keep silent. */
class LineTest {
  private static final Duration LONGEST = Duration.ofMillis(200);
  private static final byte[] WORDS = {1};
  private static final List<String> BOTH = List.of("a", "b");
  private static final Door ANSWERS = message -> message;

  private final CountDownLatch end = new CountDownLatch(1);
  private final Door silent =
      message -> {
        stayAway();
        return message;
      };
  private final BlockingQueue<List<String>> closed = new LinkedBlockingQueue<>();

  @AfterEach
  void wakeAll() {
    end.countDown();
  }

  private void stayAway() {
    try {
      end.await();
    } catch (InterruptedException wanted) {
      Thread.currentThread().interrupt();
    }
  }

  private Line over(Map<List<String>, Door> doors) {
    return new Line(
        BOTH,
        LONGEST,
        way -> {
          Door door = doors.get(way);
          if (door == null) {
            stayAway();
            throw new ClientConnectionException("nobody at " + way);
          }
          return new Line.Link(door, () -> closed.add(way));
        });
  }

  @Test
  void leadsTheNextCallElsewhereWhereANodeKeepsSilent() throws Exception {
    try (Line line = over(Map.of(BOTH, silent, List.of("b"), ANSWERS))) {
      assertThatThrownBy(() -> line.call(WORDS))
          .isInstanceOf(ClientConnectionException.class)
          .hasMessage("no answer within 200 ms");
      assertThat(line.call(WORDS)).isEqualTo(WORDS);
      assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo(BOTH);
    }
    assertThat(closed).containsExactly(List.of("b"));
  }

  @Test
  void meetsTheOneThatAnswersWhereTheFirstHangs() throws Exception {
    try (Line line = over(Map.of(List.of("a"), ANSWERS))) {
      line.open();
      assertThat(line.call(WORDS)).isEqualTo(WORDS);
    }
  }

  @Test
  void endsWhereNoneAnswers() throws Exception {
    try (Line line = over(Map.of())) {
      assertThatThrownBy(line::open).isInstanceOf(ClientConnectionException.class);
      assertThatThrownBy(() -> line.call(WORDS)).isInstanceOf(ClientConnectionException.class);
    }
  }

  @Test
  void keepsTheConnectionOverARefusal() throws Exception {
    Door refuses =
        _ -> {
          throw new ClientException("no");
        };
    try (Line line = over(Map.of(BOTH, refuses))) {
      assertThatThrownBy(() -> line.call(WORDS))
          .isExactlyInstanceOf(ClientException.class)
          .hasMessage("no");
      assertThat(closed).isEmpty();
    }
  }

  @Test
  void opensAgainAfterARefusedKey() throws Exception {
    BlockingQueue<ClientException> refusals = new LinkedBlockingQueue<>();
    refusals.add(new ClientAuthenticationException("who?"));
    try (Line line =
        new Line(
            BOTH,
            LONGEST,
            _ -> {
              ClientException refusal = refusals.poll();
              if (refusal != null) {
                throw refusal;
              }
              return new Line.Link(ANSWERS, () -> {});
            })) {
      assertThatThrownBy(() -> line.call(WORDS)).isInstanceOf(ClientAuthenticationException.class);
      assertThat(line.call(WORDS)).isEqualTo(WORDS);
    }
  }

  @Test
  void waitsForAThirdOfThePatienceWithinBounds() {
    assertThat(Line.longest(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(10));
    assertThat(Line.longest(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(500));
    assertThat(Line.longest(Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void givesUpOnANodeThatTakesAConnectionAndSaysNothing() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Connection connection =
          Connection.to("pg_key", "127.0.0.1:" + mute.getLocalPort()).with(Duration.ofMillis(100));
      assertThatThrownBy(() -> Pulsegrid.connect(connection))
          .isInstanceOfSatisfying(
              PulsegridException.class,
              gone -> {
                assertThat(gone.code()).isEqualTo("unavailable");
                assertThat(gone.mayPass()).isTrue();
              });
    }
  }
}
