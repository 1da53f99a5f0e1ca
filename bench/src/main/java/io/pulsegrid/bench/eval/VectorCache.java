package io.pulsegrid.bench.eval;

import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.search.Embedder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node's embedder with what it made kept in files, one for each list of texts. A file that is
 * cut short is made anew.
 */
final class VectorCache implements AutoCloseable {
  /** Raised when the same texts come to have other vectors. */
  private static final String EMBEDDING = "2";

  private final Path directory;
  private @Nullable Embedder embedder;

  VectorCache(Path directory) {
    this.directory = directory;
  }

  List<float[]> of(List<String> texts) throws IOException {
    Path file = directory.resolve(key(texts) + ".vectors");
    if (Files.exists(file)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      int dimensions = bytes.remaining() >= 4 ? bytes.getInt() : 0;
      if (dimensions > 0 && bytes.remaining() == 4L * dimensions * texts.size()) {
        return read(bytes, dimensions, texts.size());
      }
    }
    List<float[]> vectors = embedder().embed(texts);
    write(file, vectors);
    return vectors;
  }

  private Embedder embedder() throws IOException {
    Embedder open = embedder;
    if (open == null) {
      Files.createDirectories(directory);
      int threads = Runtime.getRuntime().availableProcessors();
      open =
          Embedders.open(
              new EmbeddingSettings(
                  Engine.ONNX,
                  null,
                  "cpu",
                  threads,
                  256,
                  512,
                  directory.resolve("model"),
                  BatchListener.NONE));
      embedder = open;
    }
    return open;
  }

  private static List<float[]> read(ByteBuffer bytes, int dimensions, int count) {
    List<float[]> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimensions];
      for (int j = 0; j < dimensions; j++) {
        vector[j] = bytes.getFloat();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static void write(Path file, List<float[]> vectors) throws IOException {
    int dimensions = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions * vectors.size());
    bytes.putInt(dimensions);
    vectors.forEach(
        vector -> {
          for (float component : vector) {
            bytes.putFloat(component);
          }
        });
    Path half = file.resolveSibling(file.getFileName() + ".part");
    Files.write(half, bytes.array());
    Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String key(List<String> texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(EMBEDDING.getBytes(StandardCharsets.UTF_8));
      for (String text : texts) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    if (embedder != null) {
      embedder.close();
    }
  }
}
