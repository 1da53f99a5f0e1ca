package io.pulsegrid.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The peer of embedding: the same model, called without DJL and without our batching. */
final class BareOnnx implements AutoCloseable {
  private static final String MODEL = "/all-minilm-l6-v2-q";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;

  /**
   * A session.
   *
   * @param threads how many threads one batch is computed with
   */
  BareOnnx(int threads) throws IOException, OrtException {
    try (InputStream json = resource("-tokenizer.json");
        InputStream model = resource(".onnx");
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(model.readAllBytes(), options);
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              json, Map.of("truncation", "true", "maxLength", "256", "padding", "false"));
    }
  }

  private static InputStream resource(String suffix) throws IOException {
    InputStream in = BareOnnx.class.getResourceAsStream(MODEL + suffix);
    if (in == null) {
      throw new IOException(MODEL + suffix + " is not on the class path");
    }
    return in;
  }

  /** The plain way: texts as they come, a fixed number a batch. */
  float[][] embed(List<String> texts, int batchSize) throws OrtException {
    float[][] vectors = new float[texts.size()][];
    for (int from = 0; from < vectors.length; from += batchSize) {
      List<String> batch = texts.subList(from, Math.min(vectors.length, from + batchSize));
      Encoding[] encodings = tokenizer.batchEncode(batch);
      long[][] rows = Arrays.stream(encodings).map(Encoding::getIds).toArray(long[][]::new);
      float[][] answer = run(rows);
      System.arraycopy(answer, 0, vectors, from, answer.length);
    }
    return vectors;
  }

  long[] tokens(String text) {
    return tokenizer.encode(text).getIds();
  }

  /** One batch through the model: padded, mean-pooled, of unit length. */
  float[][] run(long[][] rows) throws OrtException {
    int width = Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
    long[] ids = new long[rows.length * width];
    long[] mask = new long[ids.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, ids, i * width, rows[i].length);
      Arrays.fill(mask, i * width, i * width + rows[i].length, 1);
    }
    long[] shape = {rows.length, width};
    try (OnnxTensor idTensor = tensor(ids, shape);
        OnnxTensor maskTensor = tensor(mask, shape);
        OnnxTensor typeTensor = tensor(new long[ids.length], shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      return pool(((OnnxTensor) result.get(0)).getFloatBuffer(), rows, width);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private static float[][] pool(FloatBuffer states, long[][] rows, int width) {
    int dimensions = states.remaining() / (rows.length * width);
    float[][] vectors = new float[rows.length][dimensions];
    float[] state = new float[dimensions];
    for (int i = 0; i < rows.length; i++) {
      for (int t = 0; t < rows[i].length; t++) {
        states.get((i * width + t) * dimensions, state);
        for (int d = 0; d < dimensions; d++) {
          vectors[i][d] += state[d];
        }
      }
      Vectors.toUnitLength(vectors[i]);
    }
    return vectors;
  }

  @Override
  public void close() throws OrtException {
    tokenizer.close();
    session.close();
  }
}
