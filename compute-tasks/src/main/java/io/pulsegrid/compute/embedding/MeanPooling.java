package io.pulsegrid.compute.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch's way into the model and out of it: token ids padded to the longest, and each text's
 * vector as the mean over its own tokens, scaled to unit length. The arithmetic is Java's, so that
 * the engines differ only in the model they run.
 */
final class MeanPooling implements Translator<long[][], float[][]> {
  private final List<String> inputs;
  private final boolean named;

  /**
   * A translator for a model that takes these inputs.
   *
   * @param named whether the engine tells inputs apart by name rather than by place
   */
  MeanPooling(List<String> inputs, boolean named) {
    this.inputs = List.copyOf(inputs);
    this.named = named;
  }

  @Override
  public NDList processInput(TranslatorContext context, long[][] rows) {
    int width = width(rows);
    NDManager manager = context.getNDManager();
    Shape shape = new Shape(rows.length, width);
    // processOutput needs the rows' own lengths, and the context is what lives as long as a batch.
    context.setAttachment("lengths", Arrays.stream(rows).mapToInt(row -> row.length).toArray());
    NDList list = new NDList(inputs.size());
    for (String input : inputs) {
      NDArray array = manager.create(values(input, rows, width), shape);
      if (named) {
        array.setName(input);
      }
      list.add(array);
    }
    return list;
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList list) {
    int[] lengths = (int[]) context.getAttachment("lengths");
    NDArray output = hiddenState(list);
    long[] shape = output.getShape().getShape();
    FloatBuffer values = output.toByteBuffer().asFloatBuffer();
    int dimensions = Math.toIntExact(shape[shape.length - 1]);
    // A model that pools by itself answers with one row a text.
    int width = shape.length == 3 ? Math.toIntExact(shape[1]) : 1;
    float[][] vectors = new float[lengths.length][];
    float[] token = new float[dimensions];
    for (int i = 0; i < lengths.length; i++) {
      int tokens = Math.min(lengths[i], width);
      float[] sum = new float[dimensions];
      for (int t = 0; t < tokens; t++) {
        values.get((i * width + t) * dimensions, token);
        for (int d = 0; d < dimensions; d++) {
          sum[d] += token[d];
        }
      }
      vectors[i] = toUnitLength(sum);
    }
    return vectors;
  }

  @Override
  public @Nullable Batchifier getBatchifier() {
    return null; // a batch comes in as one and goes out as one
  }

  static int width(long[][] rows) {
    int width = 0;
    for (long[] row : rows) {
      width = Math.max(width, row.length);
    }
    return width;
  }

  private static long[] values(String input, long[][] rows, int width) {
    long[] values = new long[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      switch (input) {
        case "input_ids" -> System.arraycopy(rows[i], 0, values, i * width, rows[i].length);
        case "attention_mask" -> Arrays.fill(values, i * width, i * width + rows[i].length, 1);
        case "token_type_ids" -> {} // a text is one sentence: all zero
        default ->
            throw new IllegalArgumentException("a model's input must be known, was " + input);
      }
    }
    return values;
  }

  private static NDArray hiddenState(NDList list) {
    for (NDArray array : list) {
      if (array.getShape().dimension() == 3) {
        return array;
      }
    }
    return list.head();
  }

  private static float[] toUnitLength(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }
}
