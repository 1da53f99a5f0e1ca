package io.pulsegrid.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each post of a batch, in their order. */
public record BatchResult(int created, int refused, List<Row> results) {
  /**
   * One of them.
   *
   * @param line its place from 1
   * @param id null where it was refused
   * @param errors what is wrong with it; null where it was created
   * @param warnings what its author may not have meant; null for nothing
   */
  public record Row(
      int line,
      @Nullable String id,
      @Nullable String state,
      @Nullable List<FieldError> errors,
      @Nullable List<FieldError> warnings) {}
}
