package io.pulsegrid.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellTest {
  @Test
  void quotesWhatAShellWouldTakeApart() {
    assertThat(Shell.word("/var/data/admin.key")).isEqualTo("/var/data/admin.key");
    assertThat(Shell.word("/my data/admin.key")).isEqualTo("'/my data/admin.key'");
    assertThat(Shell.word("/it's/admin.key")).isEqualTo("'/it'\\''s/admin.key'");
  }
}
