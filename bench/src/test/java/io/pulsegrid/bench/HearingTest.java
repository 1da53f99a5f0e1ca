package io.pulsegrid.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HearingTest {
  private static final String STREAM =
      """
      HTTP/1.1 200 \r
      Content-Type: text/event-stream\r
      \r
      e\r
      retry: 2000

      id: 1
      event: post
      data: {"id":"x","platform":"events","nativeId":"event-7","title":"event-9"}

      :

      id: 2
      event: post
      data: {"id":"y","platform":"events","nativeId":"event-12","title":"\\"nativeId\\""}

      """;

  private final Hearing hearing = new Hearing();
  private final List<Integer> heard = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1_000})
  void hearsEachPostHoweverTheStreamIsCut(int piece) {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += piece) {
      hearing.take(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)), heard::add);
    }

    assertThat(hearing.listens()).isTrue();
    assertThat(heard).containsExactly(7, 12);
  }

  @Test
  void listensOnceTheStreamHasBegun() {
    take("HTTP/1.1 200 \r\nContent-Type: text/event-stream\r\n\r\n");
    assertThat(hearing.listens()).isFalse();

    take("e\r\nretry: 2000\n\n");
    assertThat(hearing.listens()).isTrue();
  }

  @Test
  void tellsThatItWasRefused() {
    assertThatThrownBy(() -> take("HTTP/1.1 429 Too Many Requests\r\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a subscription was refused");
  }

  private void take(String text) {
    hearing.take(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), heard::add);
  }
}
