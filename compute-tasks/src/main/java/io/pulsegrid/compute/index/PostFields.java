package io.pulsegrid.compute.index;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.Locale;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * A post as the index holds it. Nothing is stored but the id: posts are read from the grid.
 *
 * <p>Likes, trend and revision are doc values alone, so that they change without the wording and
 * the vector being written again.
 */
final class PostFields {
  static final String ID = "id";
  static final String TIE = "tie";
  static final String BUCKET = "bucket";
  static final String WORKSPACE = "workspace";
  static final String PLATFORM = "platform";
  static final String LANG = "lang";
  static final String TAG = "tag";
  static final String AUTHOR = "author";
  static final String PUBLISHED_AT = "publishedAt";
  static final String LIKES = "likes";
  static final String TREND = "trend";
  static final String EPOCH = "epoch";
  static final String NUMBER = "number";
  static final String TITLE = "title";
  static final String TEXT = "text";
  static final String VECTOR = "vector";
  static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;

  // Lucene refuses a whole post for one term beyond 32,766 bytes; nobody filters by such a one.
  private static final int LONGEST_VALUE = 256;

  private PostFields() {}

  static Term idTerm(PostId id) {
    return new Term(ID, id.value());
  }

  static Document document(PostIndex.Entry entry) {
    Post post = entry.post();
    Content content = post.content();
    Document document = new Document();
    document.add(new StringField(ID, post.id().value(), Field.Store.NO));
    document.add(new BinaryDocValuesField(ID, new BytesRef(post.id().value())));
    document.add(new NumericDocValuesField(TIE, tie(post.id())));
    document.add(new NumericDocValuesField(BUCKET, post.id().bucket()));
    document.add(
        new StringField(WORKSPACE, keywordValue(post.workspace().value()), Field.Store.NO));
    document.add(keyword(PLATFORM, content.platform()));
    addLanguage(document, content.lang());
    if (content.author() != null) {
      document.add(keyword(AUTHOR, content.author()));
    }
    for (String tag : content.tags()) {
      document.add(keyword(TAG, tag));
      document.add(new TextField(TEXT, tag, Field.Store.NO));
    }
    document.add(new LongField(PUBLISHED_AT, millis(post.publishedAt()), Field.Store.NO));
    addText(document, TITLE, content.title());
    addText(document, TEXT, content.text());
    float[] vector = entry.vector();
    if (vector != null) {
      document.add(new KnnFloatVectorField(VECTOR, vector, SIMILARITY));
    }
    for (Field field :
        changing(
            post.progress().trendId(), post.engagement().likes(), entry.epoch(), entry.number())) {
      document.add(field);
    }
    return document;
  }

  /** The fields that change without the post being written again. */
  static Field[] changing(@Nullable TrendId trend, long likes, long epoch, long number) {
    return new Field[] {
      new NumericDocValuesField(TREND, trendKey(trend)),
      new NumericDocValuesField(LIKES, likes),
      new NumericDocValuesField(EPOCH, epoch),
      new NumericDocValuesField(NUMBER, number)
    };
  }

  /** A value as it is filtered by: without case, and no longer than anyone would write. */
  static String keywordValue(String value) {
    String cut = value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value;
    return cut.toLowerCase(Locale.ROOT);
  }

  /**
   * 64 bits of a trend's id, which is itself part of a hash: two of a billion trends share them
   * with a chance of 1 in 36. 0 is no trend.
   */
  static long trendKey(@Nullable TrendId trend) {
    if (trend == null) {
      return 0;
    }
    long key = 0;
    for (int i = 0; i < 13; i++) {
      char c = trend.value().charAt(i);
      key = (key << 5) | (c >= 'a' ? c - 'a' : c - '2' + 26);
    }
    return key;
  }

  /**
   * The first 60 bits of a post's id, in the order of ids as text: of equal scores the same come
   * first at every node, however its index came about.
   */
  private static long tie(PostId id) {
    long tie = 0;
    for (int i = 0; i < 12; i++) {
      char c = id.value().charAt(i);
      tie = (tie << 5) | (c >= 'a' ? c - 'a' + 6 : c - '2');
    }
    return tie;
  }

  /** Milliseconds since 1970, with the ends of time at the ends of the range. */
  static long millis(Instant instant) {
    long seconds = instant.getEpochSecond();
    if (Math.abs(seconds) > Long.MAX_VALUE / 1000 - 1) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return instant.toEpochMilli();
  }

  /** To filter by, and to count. */
  private static KeywordField keyword(String name, String value) {
    return new KeywordField(name, keywordValue(value), Field.Store.NO);
  }

  // en-GB is found by en-gb and by en.
  private static void addLanguage(Document document, @Nullable String lang) {
    if (lang == null) {
      return;
    }
    String tag = lang.replace('_', '-');
    document.add(keyword(LANG, tag));
    int dash = tag.indexOf('-');
    if (dash > 0) {
      document.add(keyword(LANG, tag.substring(0, dash)));
    }
  }

  private static void addText(Document document, String name, @Nullable String text) {
    if (text != null) {
      document.add(new TextField(name, text, Field.Store.NO));
    }
  }
}
