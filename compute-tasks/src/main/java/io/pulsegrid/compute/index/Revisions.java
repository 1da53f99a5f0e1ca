package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.PostId;
import java.io.IOException;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** The revisions of posts in the index, read column by column. */
final class Revisions {
  private final Bits live;
  private final NumericDocValues epochs;
  private final NumericDocValues numbers;

  private Revisions(LeafReader reader) throws IOException {
    @Nullable Bits some = reader.getLiveDocs();
    live = some == null ? new Bits.MatchAllBits(reader.maxDoc()) : some;
    epochs = DocValues.getNumeric(reader, PostFields.EPOCH);
    numbers = DocValues.getNumeric(reader, PostFields.NUMBER);
  }

  /** Those of all posts of some buckets. */
  static void visit(IndexReader index, IntPredicate wanted, PostIndex.RevisionVisitor visitor)
      throws IOException {
    for (LeafReaderContext leaf : index.leaves()) {
      LeafReader reader = leaf.reader();
      Revisions revisions = new Revisions(reader);
      BinaryDocValues ids = DocValues.getBinary(reader, PostFields.ID);
      NumericDocValues buckets = DocValues.getNumeric(reader, PostFields.BUCKET);
      for (int doc = buckets.nextDoc();
          doc != DocIdSetIterator.NO_MORE_DOCS;
          doc = buckets.nextDoc()) {
        if (wanted.test((int) buckets.longValue()) && ids.advanceExact(doc)) {
          revisions.show(new PostId(ids.binaryValue().utf8ToString()), doc, visitor);
        }
      }
    }
  }

  /** Those of some posts; the ones that are not here are left out. */
  static void find(IndexReader index, Collection<PostId> wanted, PostIndex.RevisionVisitor visitor)
      throws IOException {
    // In the order of the dictionary and of the columns, which are read forwards only.
    TreeMap<String, PostId> ordered = new TreeMap<>();
    wanted.forEach(id -> ordered.put(id.value(), id));
    for (LeafReaderContext leaf : index.leaves()) {
      Terms terms = leaf.reader().terms(PostFields.ID);
      if (terms == null) {
        continue;
      }
      TermsEnum dictionary = terms.iterator();
      TreeMap<Integer, PostId> found = new TreeMap<>();
      PostingsEnum postings = null;
      for (PostId id : ordered.values()) {
        if (dictionary.seekExact(new BytesRef(id.value()))) {
          postings = dictionary.postings(postings, PostingsEnum.NONE);
          for (int doc = postings.nextDoc();
              doc != DocIdSetIterator.NO_MORE_DOCS;
              doc = postings.nextDoc()) {
            found.put(doc, id);
          }
        }
      }
      Revisions revisions = new Revisions(leaf.reader());
      for (var hit : found.entrySet()) {
        revisions.show(hit.getValue(), hit.getKey(), visitor);
      }
    }
  }

  private void show(PostId id, int doc, PostIndex.RevisionVisitor visitor) throws IOException {
    if (live.get(doc) && epochs.advanceExact(doc) && numbers.advanceExact(doc)) {
      visitor.visit(id, epochs.longValue(), numbers.longValue());
    }
  }
}
