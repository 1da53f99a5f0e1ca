package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void readsTheLineOfTheReporter() {
    assertThat(Refusal.in("10:11:12.345 ERROR pulsegrid            Not started: port 1 is in use"))
        .contains("port 1 is in use");
    assertThat(
            Refusal.in(
                "{\"@timestamp\":\"2026-03-01T10:11:12.345Z\",\"log\":{\"level\":\"ERROR\","
                    + "\"logger\":\"io.pulsegrid\"},\"message\":\"Not started: port 1 is in use\","
                    + "\"ecs\":{\"version\":\"8.11\"}}"))
        .contains("port 1 is in use");
  }

  @Test
  void takesNoOtherLineForIt() {
    assertThat(Refusal.in("10:11:12.345 WARN  SourceVisitor        Source s1: Not started: yet"))
        .isEmpty();
    assertThat(Refusal.in("10:11:12.345 ERROR Dispatcher           Not started: the engine"))
        .isEmpty();
    assertThat(Refusal.in("10:11:12.345 ERROR pulsegrid            it was Not started: no"))
        .isEmpty();
    assertThat(
            Refusal.in(
                "{\"log\":{\"logger\":\"io.pulsegrid.node.X\"},\"message\":\"Not started: x\"}"))
        .isEmpty();
    assertThat(Refusal.in("Not started: x")).isEmpty();
    assertThat(Refusal.in("{ Not started: ")).isEmpty();
    assertThat(Refusal.in("")).isEmpty();
  }
}
