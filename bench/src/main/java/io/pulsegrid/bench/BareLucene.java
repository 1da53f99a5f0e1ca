package io.pulsegrid.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/** The peer of search: Lucene's vector index with nothing set that it does not set itself. */
final class BareLucene implements AutoCloseable {
  private final Directory directory;
  private final IndexWriter writer;
  private @Nullable DirectoryReader reader;

  BareLucene(Path folder) throws IOException {
    directory = FSDirectory.open(folder);
    writer = new IndexWriter(directory, new IndexWriterConfig());
  }

  /** Adds a post, in place of an earlier one with its number. */
  void put(int number, String platform, float[] vector) throws IOException {
    Term id = new Term("id", Integer.toString(number));
    Document document = new Document();
    document.add(new StringField("id", id.text(), Field.Store.NO));
    document.add(new NumericDocValuesField("number", number));
    document.add(new StringField("platform", platform, Field.Store.NO));
    document.add(new KnnFloatVectorField("vector", vector, VectorSimilarityFunction.DOT_PRODUCT));
    writer.updateDocument(id, document);
  }

  /** Makes what was added searchable. */
  void refresh() throws IOException {
    DirectoryReader before = reader;
    reader = DirectoryReader.open(writer);
    if (before != null) {
      before.close();
    }
  }

  void commit() throws IOException {
    writer.commit();
  }

  /** The numbers of the nearest vectors, best first. */
  int[] nearest(float[] vector, @Nullable String platform, int count) throws IOException {
    DirectoryReader opened = reader;
    if (opened == null) {
      throw new IllegalStateException("the index must be refreshed before it is searched");
    }
    Query filter = platform == null ? null : new TermQuery(new Term("platform", platform));
    IndexSearcher searcher = new IndexSearcher(opened);
    ScoreDoc[] hits =
        searcher.search(new KnnFloatVectorQuery("vector", vector, count, filter), count).scoreDocs;
    int[] numbers = new int[hits.length];
    for (int i = 0; i < hits.length; i++) {
      LeafReaderContext leaf =
          opened.leaves().get(ReaderUtil.subIndex(hits[i].doc, opened.leaves()));
      NumericDocValues values = DocValues.getNumeric(leaf.reader(), "number");
      values.advanceExact(hits[i].doc - leaf.docBase);
      numbers[i] = (int) values.longValue();
    }
    return numbers;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
    writer.close();
    directory.close();
  }
}
