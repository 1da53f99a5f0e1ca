package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordKeyTest {
  @Test
  void tellsTheTimeOfATimeOrderedKey() {
    String earlier = RecordKey.of("01980000-0000-7000-8000-000000000001");
    String later = RecordKey.of("01980000-0001-7000-8000-000000000001");
    assertThat(later).isGreaterThan(earlier).startsWith(earlier.substring(0, 8));
  }

  @Test
  void isTheSameForTheSameKeyAndAnotherForAnother() {
    assertThat(RecordKey.of("01980000-0000-7000-8000-000000000001"))
        .isEqualTo(RecordKey.of("01980000-0000-7000-8000-000000000001"))
        .isNotEqualTo(RecordKey.of("01980000-0000-7000-8000-000000000002"));
    assertThat(RecordKey.of("any")).matches("[234567a-j][234567a-z]{12}");
  }
}
