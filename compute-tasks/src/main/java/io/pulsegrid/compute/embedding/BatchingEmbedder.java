package io.pulsegrid.compute.embedding;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.search.Embedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedder whose threads each own a predictor and take batches from one queue. Callers wait for
 * their own batches only; a call of a single batch, such as a search's, goes ahead of bulk work.
 *
 * <p>One thread a batch and many batches beat many threads in one batch: with two cores, twice the
 * texts a second.
 */
final class BatchingEmbedder implements Embedder {
  private static final Logger log = LoggerFactory.getLogger(BatchingEmbedder.class);

  private final LoadedModel model;
  private final EmbeddingSettings settings;
  private final BlockingDeque<Job> queue = new LinkedBlockingDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private int callers;

  private BatchingEmbedder(LoadedModel model, EmbeddingSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  static BatchingEmbedder start(LoadedModel model, EmbeddingSettings settings) {
    BatchingEmbedder embedder = new BatchingEmbedder(model, settings);
    for (int i = 0; i < settings.threads(); i++) {
      Predictor<long[][], float[][]> predictor = model.newPredictor();
      embedder.threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("embed-" + i)
              .start(() -> embedder.takeBatches(predictor)));
    }
    log.info(
        "Embedding by {} on {} with {} ({} dimensions), {} threads",
        settings.engine(),
        settings.device(),
        model.id(),
        model.dimensions(),
        settings.threads());
    return embedder;
  }

  @Override
  public String model() {
    return model.id();
  }

  @Override
  public int dimensions() {
    return model.dimensions();
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    enter();
    try {
      return List.of(vectors(texts));
    } finally {
      leave();
    }
  }

  private float[][] vectors(List<String> texts) {
    long[][] rows = new long[texts.size()][];
    int[] lengths = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = model.tokenizer().tokens(texts.get(i));
      lengths[i] = rows[i].length;
    }
    List<int[]> batches = BatchPlan.cut(lengths, settings.batchTokens());
    List<Job> jobs = batches.stream().map(batch -> Job.of(rows, batch)).toList();
    enqueue(jobs);
    float[][] vectors = new float[rows.length][];
    for (int b = 0; b < jobs.size(); b++) {
      float[][] answer = await(jobs.get(b));
      int[] batch = batches.get(b);
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = answer[i];
      }
    }
    return vectors;
  }

  private void enter() {
    synchronized (lock) {
      requireOpen();
      callers++;
    }
  }

  private void leave() {
    synchronized (lock) {
      callers--;
      lock.notifyAll();
    }
  }

  private void enqueue(List<Job> jobs) {
    synchronized (lock) {
      requireOpen();
      if (jobs.size() == 1) {
        queue.addFirst(jobs.getFirst());
      } else {
        queue.addAll(jobs);
      }
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the embedder must be open, was closed");
    }
  }

  private static float[][] await(Job job) {
    try {
      return job.vectors.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PulsegridException.unavailable(
          "embedding was interrupted; the same texts can be embedded again", Duration.ZERO, e);
    } catch (ExecutionException e) {
      throw PulsegridException.of(
          FailureCode.INTERNAL, "the embedding model failed: " + e.getCause(), e);
    }
  }

  private void takeBatches(Predictor<long[][], float[][]> predictor) {
    try (predictor) {
      while (true) {
        Job job = queue.take();
        try {
          job.vectors.complete(predict(predictor, job.rows));
        } catch (Throwable e) {
          // The caller gets it; this thread and its predictor go on with the next batch.
          job.vectors.completeExceptionally(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing
    }
  }

  private float[][] predict(Predictor<long[][], float[][]> predictor, long[][] rows)
      throws TranslateException {
    long start = System.nanoTime();
    float[][] vectors = predictor.predict(rows);
    settings
        .listener()
        .batch(
            rows.length,
            rows.length * MeanPooling.width(rows),
            Duration.ofNanos(System.nanoTime() - start));
    return vectors;
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= uninterruptibly(thread::join);
    }
    for (Job job = queue.poll(); job != null; job = queue.poll()) {
      job.vectors.completeExceptionally(new IllegalStateException("the embedder was closed"));
    }
    interrupted |= uninterruptibly(this::awaitCallers);
    model.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitCallers() throws InterruptedException {
    synchronized (lock) {
      while (callers > 0) {
        lock.wait();
      }
    }
  }

  // Native memory must not be freed under a running batch or call; both end well under a second.
  private static boolean uninterruptibly(Wait wait) {
    boolean interrupted = false;
    while (true) {
      try {
        wait.await();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  private interface Wait {
    void await() throws InterruptedException;
  }

  /** One batch and the promise of its vectors. */
  private static final class Job {
    final long[][] rows;
    final CompletableFuture<float[][]> vectors = new CompletableFuture<>();

    private Job(long[][] rows) {
      this.rows = rows;
    }

    static Job of(long[][] all, int[] batch) {
      long[][] rows = new long[batch.length][];
      for (int i = 0; i < batch.length; i++) {
        rows[i] = all[batch[i]];
      }
      return new Job(rows);
    }
  }
}
