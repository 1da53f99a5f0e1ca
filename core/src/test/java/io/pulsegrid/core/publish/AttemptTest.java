package io.pulsegrid.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptTest {
  private static final Instant DUE = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void whatWasTakenAtLastWasSentThen() {
    assertThat(sentAt("throttled", "accepted")).isEqualTo(DUE.plusSeconds(3_600 * 2));
    // It was not there after the first, so it was sent again.
    assertThat(sentAt("ambiguous", "probed", "accepted")).isEqualTo(DUE.plusSeconds(3_600 * 3));
  }

  @Test
  void whatWasFoundLaterWasSentByTheCallInDoubt() {
    assertThat(sentAt("rejected", "ambiguous", "probed")).isEqualTo(DUE.plusSeconds(3_600 * 2));
    assertThat(sentAt("swept", "confirmed")).isEqualTo(DUE.plusSeconds(3_600));
  }

  @Test
  void withoutAnyCallItIsTakenForSentInTime() {
    assertThat(sentAt()).isEqualTo(DUE);
  }

  /** Attempts an hour apart, the first an hour late. */
  private static Instant sentAt(String... outcomes) {
    List<Attempt> attempts = new ArrayList<>();
    for (String outcome : outcomes) {
      Instant at = DUE.plusSeconds(3_600L * (attempts.size() + 1));
      attempts.add(new Attempt(attempts.size(), at, at.plusSeconds(5), "n", 1, outcome, 0, "", ""));
    }
    return Attempt.sentAt(attempts, DUE);
  }
}
