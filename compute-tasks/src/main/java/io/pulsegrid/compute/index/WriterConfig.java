package io.pulsegrid.compute.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** How the index is written: few segments, because each is searched by itself. */
final class WriterConfig {
  private static final int WAITING_MERGES = 8;
  private static final double SEGMENTS_PER_TIER = 5;

  /**
   * A segment has a graph from n &gt; 600 ln n vectors on, which is 5,118: more than a batch of the
   * indexing stage brings. The first merge throws such a graph away, and a third of the work of an
   * index made anew went into them; comparing with each of 5,000 vectors takes less than a
   * millisecond.
   */
  private static final int GRAPH_THRESHOLD = 600;

  private WriterConfig() {}

  static IndexWriterConfig of(IndexSettings settings, Analyzer analyzer) {
    ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
    merges.setMaxMergesAndThreads(
        settings.mergeThreads() + WAITING_MERGES, settings.mergeThreads());
    TieredMergePolicy policy = new TieredMergePolicy();
    policy.setSegmentsPerTier(SEGMENTS_PER_TIER);
    return new IndexWriterConfig(analyzer)
        .setCodec(new PostCodec(settings.vectors()))
        .setRAMBufferSizeMB(settings.bufferMegabytes())
        .setMergeScheduler(merges)
        .setMergePolicy(policy);
  }

  /** Lucene's own codec, with our choice of graph. */
  private static final class PostCodec extends Lucene104Codec {
    private final KnnVectorsFormat vectors;

    PostCodec(IndexSettings.Vectors kind) {
      vectors =
          switch (kind) {
            case FLOAT32 ->
                new Lucene99HnswVectorsFormat(
                    Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
                    Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH,
                    Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
                    null,
                    GRAPH_THRESHOLD);
            case INT8 ->
                new Lucene104HnswScalarQuantizedVectorsFormat(
                    ScalarEncoding.UNSIGNED_BYTE,
                    Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
                    Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH,
                    Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
                    null,
                    GRAPH_THRESHOLD);
          };
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return vectors;
    }
  }
}
