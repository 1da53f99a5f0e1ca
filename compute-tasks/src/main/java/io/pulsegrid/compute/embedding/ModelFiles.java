package io.pulsegrid.compute.embedding;

import io.pulsegrid.core.failure.PulsegridException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on disk and the tokenizer that belongs to it.
 *
 * @param id the file's name with eight digits of its content's SHA-256: another file under the same
 *     name is another model
 * @param tokenizer null for the built-in one
 */
record ModelFiles(String id, Path model, @Nullable Path tokenizer) {
  private static final Logger log = LoggerFactory.getLogger(ModelFiles.class);
  private static final String BUILT_IN = "all-minilm-l6-v2-q";

  /** The built-in model with fixed scales, written into the cache unless it is there and whole. */
  static ModelFiles builtIn(Path cacheDir) throws IOException {
    byte[] model;
    try (InputStream dynamic = Unpacked.open("/" + BUILT_IN + ".onnx")) {
      model = FixedScales.apply(dynamic.readAllBytes(), Unpacked.open("/" + BUILT_IN + ".scales"));
    }
    String id = BUILT_IN + "-" + Unpacked.digest(new ByteArrayInputStream(model));
    Path file = cacheDir.resolve(id + ".onnx");
    Unpacked.write(model, file);
    return new ModelFiles(id, file, null);
  }

  /** A model file of the operator's own. */
  static ModelFiles at(Path model, String suffix) throws IOException {
    if (!Files.isRegularFile(model)) {
      throw PulsegridException.invalid("model", "there is no file " + model.toAbsolutePath());
    }
    String name = String.valueOf(model.getFileName());
    String stem = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    String id = stem + "-" + Unpacked.digest(Files.newInputStream(model));
    Path tokenizer = model.resolveSibling("tokenizer.json");
    if (!Files.isRegularFile(tokenizer)) {
      log.info("No tokenizer.json beside {}: using the built-in one (BERT, uncased)", model);
      return new ModelFiles(id, model, null);
    }
    return new ModelFiles(id, model, tokenizer);
  }

  static InputStream builtInTokenizer() {
    return Unpacked.open("/" + BUILT_IN + "-tokenizer.json");
  }
}
