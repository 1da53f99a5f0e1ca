package io.pulsegrid.compute.embedding;

import io.pulsegrid.core.search.Embedder;

/** Where embedders come from. */
public final class Embedders {
  private Embedders() {}

  /**
   * Loads a model and starts its threads. One text is embedded before this returns, so that a model
   * that does not fit fails here and not under load.
   *
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID}, naming the setting, when
   *     the model, the engine's libraries or the device are not there
   */
  public static Embedder open(EmbeddingSettings settings) {
    LoadedModel model = LoadedModel.load(settings);
    try {
      return BatchingEmbedder.start(model, settings);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
