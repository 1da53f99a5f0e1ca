package io.pulsegrid.compute.embedding;

import io.pulsegrid.core.failure.PulsegridException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  /** The built-in model, unpacked into the cache unless it is there and whole. */
  static ModelFiles builtIn(Path cacheDir) throws IOException {
    String digest;
    try (InputStream in = resource(BUILT_IN + ".onnx")) {
      digest = sha256(in);
    }
    String id = id(BUILT_IN, digest);
    Path file = cacheDir.resolve(id + ".onnx");
    if (!Files.isRegularFile(file) || !sha256(file).equals(digest)) {
      unpack(BUILT_IN + ".onnx", file);
    }
    return new ModelFiles(id, file, null);
  }

  /** A model file of the operator's own. */
  static ModelFiles at(Path model, String suffix) throws IOException {
    if (!Files.isRegularFile(model)) {
      throw PulsegridException.invalid("model", "there is no file " + model.toAbsolutePath());
    }
    String name = String.valueOf(model.getFileName());
    String stem = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    Path tokenizer = model.resolveSibling("tokenizer.json");
    if (!Files.isRegularFile(tokenizer)) {
      log.info("No tokenizer.json beside {}: using the built-in one (BERT, uncased)", model);
      return new ModelFiles(id(stem, sha256(model)), model, null);
    }
    return new ModelFiles(id(stem, sha256(model)), model, tokenizer);
  }

  static InputStream builtInTokenizer() {
    return resource(BUILT_IN + "-tokenizer.json");
  }

  private static String id(String stem, String digest) {
    return stem + "-" + digest.substring(0, 8);
  }

  // Written aside and moved: another process sees the whole file or none.
  private static void unpack(String resource, Path target) throws IOException {
    Path directory = Files.createDirectories(target.toAbsolutePath().getParent());
    Path part = Files.createTempFile(directory, "model", ".part");
    try {
      try (InputStream in = resource(resource)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static InputStream resource(String name) {
    InputStream in = ModelFiles.class.getResourceAsStream("/" + name);
    if (in == null) {
      throw new IllegalStateException("the program must carry " + name + ", but does not");
    }
    return in;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  private static String sha256(InputStream in) throws IOException {
    try (DigestInputStream digesting = new DigestInputStream(in, newSha256())) {
      digesting.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
