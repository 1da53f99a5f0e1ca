package io.pulsegrid.core.search;

import java.util.List;

/** Text to vectors of one model. Safe for use by many threads. */
public interface Embedder extends AutoCloseable {
  /** The model's id; vectors of two models are never compared. */
  String model();

  /** How long each vector is. */
  int dimensions();

  /**
   * Embeds texts of any length (the model truncates at its own limit), in one or more batches.
   *
   * @return one vector of unit length a text, in the texts' order
   */
  List<float[]> embed(List<String> texts);

  @Override
  void close();
}
