package io.pulsegrid.compute.index;

/**
 * What an index holds and how much memory it may take while it is written.
 *
 * @param model the id of the model whose vectors are indexed; an index of another model's is not
 *     opened but set aside
 * @param dimensions how long each vector is
 * @param bufferMegabytes how much heap is filled before it is written to disk
 * @param mergeThreads how many merges run at a time
 * @param vectors what is written from now on; what is there stays as it is until it is merged
 */
public record IndexSettings(
    String model, int dimensions, int bufferMegabytes, int mergeThreads, Vectors vectors) {
  /** How graphs of vectors are walked; the vectors themselves are kept whole beside them. */
  public enum Vectors {
    FLOAT32,
    /** By one byte a dimension; those found are then compared whole. */
    INT8
  }

  public IndexSettings {
    if (model.isBlank()) {
      throw new IllegalArgumentException("model must not be blank");
    }
    if (dimensions < 1 || dimensions > 1024) {
      throw new IllegalArgumentException("dimensions must be from 1 to 1024, was " + dimensions);
    }
    if (bufferMegabytes < 8 || bufferMegabytes > 1024) {
      throw new IllegalArgumentException(
          "bufferMegabytes must be from 8 to 1024, was " + bufferMegabytes);
    }
    if (mergeThreads < 1 || mergeThreads > 16) {
      throw new IllegalArgumentException("mergeThreads must be from 1 to 16, was " + mergeThreads);
    }
  }

  /** Defaults for the vectors of a model: 64 MB, one merge at a time. */
  public static IndexSettings of(String model, int dimensions) {
    return new IndexSettings(model, dimensions, 64, 1, Vectors.FLOAT32);
  }

  /** The same with other vectors. */
  public IndexSettings with(Vectors other) {
    return new IndexSettings(model, dimensions, bufferMegabytes, mergeThreads, other);
  }
}
