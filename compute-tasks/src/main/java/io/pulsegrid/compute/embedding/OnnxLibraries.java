package io.pulsegrid.compute.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * ONNX Runtime's native libraries, unpacked once into the cache. Left to itself it unpacks 20 MB
 * into the system's temporary directory at every start, and a killed process leaves them there.
 */
final class OnnxLibraries {
  private static final String MAIN = "onnxruntime";
  private static final List<String> NAMES =
      List.of(
          MAIN, "onnxruntime4j_jni", "onnxruntime_providers_shared", "onnxruntime_providers_cuda");

  private OnnxLibraries() {}

  /** The directory that holds the libraries; empty on a platform that the program has none for. */
  static Optional<Path> unpack(Path cacheDir) throws IOException {
    String main = resource(MAIN);
    if (!Unpacked.exists(main)) {
      return Optional.empty();
    }
    Path directory = cacheDir.resolve("onnxruntime-" + Unpacked.digest(Unpacked.open(main)));
    for (String name : NAMES) {
      String resource = resource(name);
      if (Unpacked.exists(resource)) {
        Unpacked.unpack(resource, directory.resolve(System.mapLibraryName(name)));
      }
    }
    return Optional.of(directory);
  }

  private static String resource(String name) {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
    return "/ai/onnxruntime/native/%s-%s/%s".formatted(system, arch, System.mapLibraryName(name));
  }
}
