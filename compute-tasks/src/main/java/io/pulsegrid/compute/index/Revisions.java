package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import java.io.IOException;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.util.Bits;

/** The revisions of all posts in the index, read column by column. */
final class Revisions {
  private Revisions() {}

  static void visit(IndexReader index, PostIndex.RevisionVisitor visitor) throws IOException {
    for (LeafReaderContext leaf : index.leaves()) {
      LeafReader reader = leaf.reader();
      Bits live = reader.getLiveDocs();
      BinaryDocValues ids = DocValues.getBinary(reader, PostFields.ID);
      NumericDocValues epochs = DocValues.getNumeric(reader, PostFields.EPOCH);
      NumericDocValues numbers = DocValues.getNumeric(reader, PostFields.NUMBER);
      for (int doc = ids.nextDoc(); doc != BinaryDocValues.NO_MORE_DOCS; doc = ids.nextDoc()) {
        if ((live == null || live.get(doc))
            && epochs.advanceExact(doc)
            && numbers.advanceExact(doc)) {
          PostId id = new PostId(ids.binaryValue().utf8ToString());
          visitor.visit(id, epochs.longValue(), numbers.longValue());
        }
      }
    }
  }
}
