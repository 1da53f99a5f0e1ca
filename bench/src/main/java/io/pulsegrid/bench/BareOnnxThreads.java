package io.pulsegrid.bench;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Bare ONNX Runtime as well as it can be driven: texts sorted by length, batches under a token
 * budget, each on a thread of its own.
 */
final class BareOnnxThreads {
  private final BareOnnx onnx;
  private final int threads;
  private final int batchTokens;

  BareOnnxThreads(BareOnnx onnx, int threads, int batchTokens) {
    this.onnx = onnx;
    this.threads = threads;
    this.batchTokens = batchTokens;
  }

  float[][] embed(List<String> texts) throws InterruptedException, ExecutionException {
    long[][] rows = new long[texts.size()][];
    float[][] vectors = new float[rows.length][];
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      int share = (rows.length + threads - 1) / threads;
      all(
          workers,
          IntStream.range(0, threads)
              .mapToObj(
                  part ->
                      task(
                          () -> {
                            int to = Math.min(rows.length, (part + 1) * share);
                            for (int i = part * share; i < to; i++) {
                              rows[i] = onnx.tokens(texts.get(i));
                            }
                          }))
              .toList());
      List<Callable<Void>> batches = new ArrayList<>();
      for (int[] batch : batches(rows)) {
        batches.add(task(() -> run(batch, rows, vectors)));
      }
      all(workers, batches);
    }
    return vectors;
  }

  private void run(int[] batch, long[][] rows, float[][] vectors) throws OrtException {
    float[][] answer = onnx.run(Arrays.stream(batch).mapToObj(i -> rows[i]).toArray(long[][]::new));
    for (int i = 0; i < batch.length; i++) {
      vectors[batch[i]] = answer[i];
    }
  }

  private List<int[]> batches(long[][] rows) {
    int[] order =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -rows[i].length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    for (int from = 0, to; from < order.length; from = to) {
      to = Math.min(order.length, from + Math.max(1, batchTokens / rows[order[from]].length));
      batches.add(Arrays.copyOfRange(order, from, to));
    }
    return batches;
  }

  private static void all(ExecutorService workers, List<Callable<Void>> tasks)
      throws InterruptedException, ExecutionException {
    for (Future<Void> done : workers.invokeAll(tasks)) {
      done.get();
    }
  }

  private static Callable<Void> task(Stopwatch.Call call) {
    return Executors.callable(
        () -> {
          try {
            call.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        null);
  }
}
