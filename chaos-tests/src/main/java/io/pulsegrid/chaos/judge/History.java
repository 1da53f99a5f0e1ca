package io.pulsegrid.chaos.judge;

import io.pulsegrid.chaos.control.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A run, kept: with its seed the same faults strike the same nodes under the same load again. */
public record History(
    long seed,
    int nodes,
    Instant began,
    Instant ended,
    List<Verdict> verdicts,
    List<Control.Report> controls) {
  public History {
    verdicts = List.copyOf(verdicts);
    controls = List.copyOf(controls);
  }

  public boolean holds() {
    return verdicts.stream().allMatch(verdict -> !verdict.wasTried() || verdict.holds())
        && controls.stream().noneMatch(it -> it.outcome() == Control.Outcome.UNNOTICED);
  }

  public void write(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.write(file, json.writeValueAsBytes(this));
  }
}
