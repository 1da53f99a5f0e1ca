package io.pulsegrid.compute.embedding;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * DJL within this process, which it configures by system properties: offline, silent, unpacking
 * where we say. Properties that the operator has set stay as they are.
 */
final class DjlRuntime {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String ONNX_PATH = "onnxruntime.native.path";
  private static final Object LOCK = new Object();

  private DjlRuntime() {}

  /**
   * Makes the engine ready.
   *
   * @return the device that the settings name
   * @throws PulsegridException {@code INVALID} when the engine's libraries or the device are absent
   */
  static Device prepare(EmbeddingSettings settings) throws IOException {
    synchronized (LOCK) {
      configure(settings);
      if (settings.engine() == EmbeddingSettings.Engine.PYTORCH && !hasPyTorchLibraries()) {
        throw PulsegridException.invalid(
            "engine",
            "pytorch needs PyTorch's native libraries, which are not part of the program; add them"
                + " as docs/embedding.md says, or use onnx");
      }
      Engine engine = engine(settings.engine());
      if (!settings.usesCuda()) {
        return Device.cpu();
      }
      if (engine.getGpuCount() == 0 || !engine.hasCapability(StandardCapabilities.CUDA)) {
        throw PulsegridException.invalid(
            "device",
            "cuda needs an NVIDIA device and the "
                + engine.getEngineName()
                + " libraries built for CUDA, and this machine lacks one of them; use cpu");
      }
      return Device.gpu();
    }
  }

  /** Runs a download that the operator asked for; everything else stays offline. */
  static <T> T online(Callable<T> download) throws Exception {
    synchronized (LOCK) {
      String before = System.getProperty(OFFLINE);
      System.setProperty(OFFLINE, "false");
      try {
        return download.call();
      } finally {
        System.setProperty(OFFLINE, before == null ? "true" : before);
      }
    }
  }

  @GuardedBy("LOCK")
  private static void configure(EmbeddingSettings settings) throws IOException {
    setIfAbsent(OFFLINE, "true");
    setIfAbsent("OPT_OUT_TRACKING", "true");
    if (System.getenv("DJL_CACHE_DIR") == null) {
      setIfAbsent("DJL_CACHE_DIR", settings.cacheDir().toAbsolutePath().toString());
    }
    if (System.getProperty(ONNX_PATH) == null) {
      OnnxLibraries.unpack(settings.cacheDir())
          .ifPresent(path -> System.setProperty(ONNX_PATH, path.toAbsolutePath().toString()));
    }
    // Arithmetic on arrays is ours; without this ONNX Runtime would load PyTorch for it.
    setIfAbsent("ai.djl.onnx.disable_alternative", "true");
    // Batches run side by side, each on its own thread; the engines' own pools would only contend.
    setIfAbsent("ai.djl.onnxruntime.num_threads", "1");
    setIfAbsent("ai.djl.onnxruntime.num_interop_threads", "1");
    setIfAbsent("ai.djl.pytorch.num_threads", "1");
    setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
    // Its optimizer specialises for shapes, and every batch has its own.
    setIfAbsent("ai.djl.pytorch.graph_optimizer", "false");
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  // DJL would download what is missing, and says so only in a stack trace when it cannot.
  private static boolean hasPyTorchLibraries() {
    return System.getenv("PYTORCH_LIBRARY_PATH") != null
        || System.getProperty("PYTORCH_LIBRARY_PATH") != null
        || (isOnClassPath("native/lib/pytorch.properties")
            && isOnClassPath("jnilib/pytorch.properties"));
  }

  private static boolean isOnClassPath(String resource) {
    return DjlRuntime.class.getClassLoader().getResource(resource) != null;
  }

  private static Engine engine(EmbeddingSettings.Engine engine) {
    try {
      return Engine.getEngine(engine.djlName());
    } catch (EngineException | LinkageError e) {
      throw PulsegridException.invalid(
          "engine",
          "the native libraries of " + engine.djlName() + " do not load here: " + e.getMessage());
    }
  }
}
