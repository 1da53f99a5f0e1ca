package io.pulsegrid.node.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How posts are taken in, embedded and indexed ({@code pulsegrid.listening.*}).
 *
 * @param engine {@code onnx}, or {@code pytorch} where its natives are on the class path
 * @param model a model's path or a {@code djl://} address; without one the built-in int8 MiniLM
 * @param device {@code cpu}, or {@code cuda}, which refuses to start where there is none
 * @param threads how many threads embed at once; 0 takes one a processor
 * @param batchTokens how many tokens, padding counted, one call of the model takes at most: short
 *     batches are the fast ones on a CPU, long ones (16384) on a GPU
 * @param vectors how the index compares vectors: {@code float32}, or {@code int8}, by one byte a
 *     dimension, then those found whole
 * @param maxBacklog how many posts may wait to be stored or embedded before imports are told to
 *     come back later
 * @param verifyEvery between two comparisons of grid, store and index in the background
 * @param eventsHeld how many of the last ten minutes' events a node holds for those who resume
 */
@ConfigurationProperties("pulsegrid.listening")
public record ListeningSettings(
    @DefaultValue("onnx") Engine engine,
    @Nullable String model,
    @DefaultValue("cpu") String device,
    @DefaultValue("0") int threads,
    @DefaultValue("512") int batchTokens,
    @DefaultValue("float32") Vectors vectors,
    @DefaultValue("250000") int maxBacklog,
    @DefaultValue("PT10M") Duration verifyEvery,
    @DefaultValue("50000") int eventsHeld) {

  /** What runs the model. */
  public enum Engine {
    ONNX,
    PYTORCH
  }

  /** What the index compares. */
  public enum Vectors {
    FLOAT32,
    INT8
  }

  public ListeningSettings {
    if (!device.equals("cpu") && !device.equals("cuda")) {
      throw new IllegalArgumentException("device must be cpu or cuda, was " + device);
    }
    between("threads", threads, 0, 256);
    between("batch-tokens", batchTokens, 256, 1_000_000);
    between("max-backlog", maxBacklog, 1_000, 100_000_000);
    if (verifyEvery.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("verify-every must be at least PT1S, was " + verifyEvery);
    }
    between("events-held", eventsHeld, 100, 10_000_000);
    if (engine == Engine.PYTORCH && model == null) {
      throw new IllegalArgumentException("model must be given for engine pytorch, was absent");
    }
  }

  private static void between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", was " + value);
    }
  }
}
