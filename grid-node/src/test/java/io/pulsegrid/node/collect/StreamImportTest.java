package io.pulsegrid.node.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.PostImport;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamImportTest {
  private static final PostImport.Options NDJSON =
      new PostImport.Options(PostImport.Format.NDJSON, "test", Map.of(), null, ZoneOffset.UTC);

  private final RememberingIntake intake = new RememberingIntake();
  private final List<Duration> pauses = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final StreamImport imports = new StreamImport(intake, pauses::add, meters);

  @Test
  void takesAllLinesInTheirOrderAndInBatches() {
    PostImport.Answer answer = read(lines(1, 1234));

    assertThat(answer.accepted()).isEqualTo(1234);
    assertThat(answer.rejected()).isZero();
    assertThat(intake.batches()).containsExactly(500, 500, 234);
    assertThat(intake.titles()).startsWith("t1", "t2").endsWith("t1234");
  }

  @Test
  void changesNothingTheSecondTime() {
    read(lines(1, 700));

    PostImport.Answer again = read(lines(1, 700));

    assertThat(again.accepted()).isZero();
    assertThat(again.unchanged()).isEqualTo(700);
  }

  @Test
  void listsAThousandErrorsAndCountsAll() {
    PostImport.Answer answer = read("nonsense\n".repeat(1500) + lines(1, 3));

    assertThat(answer.accepted()).isEqualTo(3);
    assertThat(answer.rejected()).isEqualTo(1500);
    assertThat(answer.errors()).hasSize(1000);
    assertThat(answer.errors().getLast().line()).isEqualTo(1000);
    assertThat(answer.errors().getFirst().field()).isEqualTo("line");
    assertThat(meters.counter("pulsegrid.import.posts", "outcome", "rejected").count())
        .isEqualTo(1500);
  }

  @Test
  void namesTheLineOfAPostThatTheStoreRefuses() {
    intake.park(post -> "t2".equals(post.content().title()));

    PostImport.Answer answer = read("\n" + lines(1, 3));

    assertThat(answer.accepted()).isEqualTo(2);
    assertThat(answer.errors())
        .containsExactly(new PostImport.LineError(3, "line", "the store refuses it: poison"));
  }

  @Test
  void makesSmallBatchesOfLongTexts() {
    String text = "x".repeat(200_000);
    String file =
        IntStream.range(0, 30)
            .mapToObj(i -> "{\"nativeId\":\"" + i + "\",\"text\":\"" + text + "\"}\n")
            .collect(Collectors.joining());

    assertThat(read(file).accepted()).isEqualTo(30);
    assertThat(intake.batches()).containsExactly(11, 11, 8);
  }

  @Test
  void refusesAtOnceWhenNothingHasBeenTaken() {
    intake.refuse(1);

    assertThatThrownBy(() -> read(lines(1, 10)))
        .isInstanceOfSatisfying(
            PulsegridException.class,
            refused -> assertThat(refused.code()).isEqualTo(FailureCode.UNAVAILABLE));
    assertThat(pauses).isEmpty();
  }

  @Test
  void waitsForRoomWhenUnderWay() {
    var intakeFullLater = new RememberingIntake();
    StreamImport import_ =
        new StreamImport(
            (workspace, posts) -> {
              if (intakeFullLater.batches().size() == 1 && pauses.size() < 3) {
                throw PulsegridException.unavailable("too much waits", Duration.ofSeconds(2));
              }
              return intakeFullLater.take(workspace, posts);
            },
            pauses::add,
            meters);

    PostImport.Answer answer = import_.read(WorkspaceId.DEFAULT, stream(lines(1, 1000)), NDJSON);

    assertThat(answer.accepted()).isEqualTo(1000);
    assertThat(pauses).hasSize(3).containsOnly(Duration.ofSeconds(2));
  }

  @Test
  void givesUpOnAnIntakeThatStaysShut() {
    StreamImport import_ =
        new StreamImport(
            (workspace, posts) -> {
              if (!intake.batches().isEmpty()) {
                throw PulsegridException.unavailable("too much waits", Duration.ofSeconds(20));
              }
              return intake.take(workspace, posts);
            },
            pauses::add,
            meters);

    assertThatThrownBy(() -> import_.read(WorkspaceId.DEFAULT, stream(lines(1, 1000)), NDJSON))
        .hasMessageContaining("too much waits");
    assertThat(pauses).hasSize(3);
  }

  @Test
  void saysHowFarAStreamCameThatBrokeOff() {
    InputStream broken =
        new FilterInputStream(stream(lines(1, 3))) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read < 0) {
              throw new IOException("reset");
            }
            return read;
          }
        };

    assertThatThrownBy(() -> imports.read(WorkspaceId.DEFAULT, broken, NDJSON))
        .hasMessageContaining("broke off after line 3; what came before is kept");
    assertThat(intake.titles()).containsExactly("t1", "t2", "t3");
  }

  @Test
  void refusesOptionsThatCannotBeBeforeAnythingIsTaken() {
    PostImport.Options options =
        new PostImport.Options(
            PostImport.Format.CSV, "test", Map.of("id", "nope"), null, ZoneOffset.UTC);

    assertThatThrownBy(() -> imports.read(WorkspaceId.DEFAULT, stream("id,title\n1,t\n"), options))
        .hasMessageContaining("map");
    assertThat(intake.batches()).isEmpty();
  }

  private PostImport.Answer read(String file) {
    return imports.read(WorkspaceId.DEFAULT, stream(file), NDJSON);
  }

  private static InputStream stream(String file) {
    return new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8));
  }

  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> "{\"nativeId\":\"" + i + "\",\"title\":\"t" + i + "\"}\n")
        .collect(Collectors.joining());
  }
}
