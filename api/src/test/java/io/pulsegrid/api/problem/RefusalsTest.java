package io.pulsegrid.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.http.converter.HttpMessageNotWritableException;

class RefusalsTest {
  @Test
  void aCallerWhoHangsUpIsNoFailureOfOurs() {
    var hungUp =
        new HttpMessageNotWritableException(
            "Could not write JSON", new IllegalStateException(new IOException("Broken pipe")));
    var unwritable =
        new HttpMessageNotWritableException("No converter", new IllegalStateException("no getter"));

    assertThat(Refusals.of(hungUp).problem().status()).isEqualTo(400);
    assertThat(Refusals.of(unwritable).problem().status()).isEqualTo(500);
  }
}
