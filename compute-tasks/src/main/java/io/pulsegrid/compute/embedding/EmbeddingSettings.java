package io.pulsegrid.compute.embedding;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which model embeds, on what, and how its batches are cut.
 *
 * @param model a model file's path or a {@code djl://} zoo address; null for the built-in int8
 *     model, which only {@link Engine#ONNX} runs
 * @param device {@code cpu} or {@code cuda}
 * @param threads how many batches run at a time, each on one thread
 * @param maxTokens where a text is cut; 256 is what the built-in model was trained for
 * @param batchTokens how many tokens, padding counted, go into one batch at most; short batches are
 *     the fast ones on a CPU (512), long ones on a GPU (16,384)
 * @param cacheDir where the model and native libraries are unpacked; may be shared by processes
 */
public record EmbeddingSettings(
    Engine engine,
    @Nullable String model,
    String device,
    int threads,
    int maxTokens,
    int batchTokens,
    Path cacheDir,
    BatchListener listener) {

  static final String ZOO_SCHEME = "djl://";

  public EmbeddingSettings {
    if (!device.equals("cpu") && !device.equals("cuda")) {
      throw new IllegalArgumentException("device must be cpu or cuda, was " + device);
    }
    if (threads < 1 || threads > 256) {
      throw new IllegalArgumentException("threads must be from 1 to 256, was " + threads);
    }
    if (maxTokens < 8 || maxTokens > 512) {
      throw new IllegalArgumentException("maxTokens must be from 8 to 512, was " + maxTokens);
    }
    if (batchTokens < maxTokens) {
      throw new IllegalArgumentException(
          "batchTokens must be at least maxTokens (" + maxTokens + "), was " + batchTokens);
    }
    if (model != null && model.isBlank()) {
      throw new IllegalArgumentException("model must be a path, a djl:// address or absent");
    }
    if (model == null && engine == Engine.PYTORCH) {
      throw new IllegalArgumentException(
          "model must be a TorchScript file or a djl:// address for the PYTORCH engine, was absent");
    }
  }

  boolean usesZoo() {
    return model != null && model.startsWith(ZOO_SCHEME);
  }

  boolean usesCuda() {
    return device.equals("cuda");
  }

  /** What runs the model. */
  public enum Engine {
    /** ONNX Runtime; its CPU libraries are part of the program. */
    ONNX("OnnxRuntime", ".onnx"),
    /** PyTorch; its libraries must be added, see docs/embedding.md. */
    PYTORCH("PyTorch", ".pt");

    private final String djlName;
    private final String suffix;

    Engine(String djlName, String suffix) {
      this.djlName = djlName;
      this.suffix = suffix;
    }

    String djlName() {
      return djlName;
    }

    String suffix() {
      return suffix;
    }
  }

  /** Told of each batch after it ran, on the thread that ran it; must be quick and never throw. */
  @FunctionalInterface
  public interface BatchListener {
    /** A listener that ignores everything. */
    BatchListener NONE = (_, _, _) -> {};

    /**
     * A batch ran.
     *
     * @param tokens how many tokens were computed, padding counted
     */
    void batch(int texts, int tokens, Duration took);
  }
}
