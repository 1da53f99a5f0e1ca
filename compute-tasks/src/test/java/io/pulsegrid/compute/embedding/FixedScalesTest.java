package io.pulsegrid.compute.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FixedScalesTest {
  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";

  @Test
  void leavesNothingInTheModelThatLooksAtTheWholeBatch() throws IOException {
    assertThat(text(dynamic())).contains("DynamicQuantizeLinear");
    byte[] fixed = FixedScales.apply(dynamic(), Unpacked.open(MODEL.replace(".onnx", ".scales")));
    assertThat(text(fixed))
        .doesNotContain("DynamicQuantizeLinear")
        .contains("MatMulIntegerToFloat");
  }

  @Test
  void refusesAModelWhoseTensorsItHasNoScalesFor() {
    assertThatThrownBy(() -> FixedScales.apply(dynamic(), scales("another 0.5 3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no scale for /embeddings/LayerNorm/Add_1_output_0");
  }

  @Test
  void refusesWhatIsNoModel() {
    assertThatThrownBy(() -> FixedScales.apply(new byte[] {7, 1}, scales("a 1 1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a protobuf field: tag 7");
    assertThatThrownBy(() -> FixedScales.apply(new byte[] {10, 5, 1}, scales("a 1 1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a protobuf field must end within its message");
    assertThatThrownBy(() -> FixedScales.apply(new byte[0], scales("a 1 1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an ONNX model must have a graph");
  }

  private static byte[] dynamic() throws IOException {
    try (InputStream in = Unpacked.open(MODEL)) {
      return in.readAllBytes();
    }
  }

  private static InputStream scales(String lines) {
    return new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
