package io.pulsegrid.compute.index;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * One node's index of posts, on disk. Safe for use by many threads; every change is seen by
 * searches after the next {@link #refresh()} and survives a crash after the next {@link #commit()}.
 *
 * <p>What a crash loses, the node puts again: it compares {@link #forEachRevision} with its posts.
 * Methods throw {@link PulsegridException} {@code INTERNAL} when the disk fails; the index then
 * stays closed until the node starts again, and whoever asked by {@link #whenFailed} is told once.
 */
public final class PostIndex implements AutoCloseable {
  // Raised when fields change so that an index of before could not answer.
  private static final String FORMAT = "2";

  private final IndexFolder folder;
  private final IndexSettings settings;
  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile Consumer<String> listener = reason -> {};

  private PostIndex(IndexFolder folder, IndexSettings settings, Directory directory)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.directory = directory;
    IndexWriter opened = new IndexWriter(directory, WriterConfig.of(settings, new PostAnalyzer()));
    try {
      opened.setLiveCommitData(contents(settings).entrySet());
      this.searchers = new SearcherManager(opened, null);
    } catch (IOException | RuntimeException e) {
      opened.rollback();
      throw e;
    }
    this.writer = opened;
  }

  /**
   * Opens the index in a directory, making it when it is not there. An index that is damaged, of
   * another format or of another model's vectors is moved aside with a warning and an empty one
   * begun.
   *
   * @throws PulsegridException {@code CONFLICT} when another process has it open
   */
  public static PostIndex open(Path directory, IndexSettings settings) {
    IndexFolder folder = new IndexFolder(directory, contents(settings));
    return folder.open(opened -> new PostIndex(folder, settings, opened));
  }

  private static Map<String, String> contents(IndexSettings settings) {
    return Map.of(
        "format",
        FORMAT,
        "model",
        settings.model(),
        "dimensions",
        Integer.toString(settings.dimensions()));
  }

  /** Says whom to tell, with the reason, when the index has closed for good; on any thread. */
  public void whenFailed(Consumer<String> failed) {
    listener = failed;
  }

  /** Adds posts, each in place of an earlier one with its id. */
  public void put(List<Entry> entries) {
    entries.forEach(this::requireFit);
    change(
        () -> {
          for (Entry entry : entries) {
            writer.updateDocument(PostFields.idTerm(entry.post().id()), PostFields.document(entry));
          }
        });
  }

  private void requireFit(Entry entry) {
    float[] vector = entry.vector();
    if (vector != null && vector.length != settings.dimensions()) {
      throw new IllegalArgumentException(
          "a vector must have "
              + settings.dimensions()
              + " dimensions, that of "
              + entry.post().id()
              + " has "
              + vector.length);
    }
  }

  /** Changes what may change without a post being put again; posts not here are left out. */
  public void touch(List<Touch> touches) {
    // An index that never held a post does not know the fields, and refuses them.
    if (writer.getFieldNames().isEmpty()) {
      return;
    }
    change(
        () -> {
          for (Touch touch : touches) {
            writer.updateDocValues(
                PostFields.idTerm(touch.id()),
                PostFields.changing(touch.trend(), touch.likes(), touch.epoch(), touch.number()));
          }
        });
  }

  /** Takes posts out; those not here are left out. */
  public void delete(Collection<PostId> ids) {
    change(() -> writer.deleteDocuments(ids.stream().map(PostFields::idTerm).toArray(Term[]::new)));
  }

  /** Makes every change until now searchable. */
  public void refresh() {
    change(searchers::maybeRefreshBlocking);
  }

  /** Makes every change until now survive a crash. */
  public void commit() {
    change(writer::commit);
  }

  /** Finds posts by words, by a vector, or by each, best first, and counts those that match. */
  public Ranked search(IndexQuery query) {
    if (query.depth() < 1) {
      throw new IllegalArgumentException("depth must be positive, was " + query.depth());
    }
    return read(searcher -> PostSearch.find(searcher, query));
  }

  /** How frequent the words of a search are among the posts here. */
  public WordStatistics statistics(String text) {
    return read(searcher -> PostSearch.statistics(searcher, text));
  }

  /** Whether any post here passes a filter. */
  public boolean leavesAny(SearchFilter filter) {
    return read(searcher -> PostSearch.leavesAny(searcher, filter));
  }

  /** Shows the revision of every post here, changes not yet searchable included. */
  public void forEachRevision(RevisionVisitor visitor) {
    forEachRevision(_ -> true, visitor);
  }

  /** Shows the revision of every post of some buckets, changes not yet searchable included. */
  public void forEachRevision(IntPredicate buckets, RevisionVisitor visitor) {
    refresh();
    read(
        searcher -> {
          Revisions.visit(searcher.getIndexReader(), buckets, visitor);
          return true;
        });
  }

  /** Shows the revisions of those posts that are here, changes not yet searchable included. */
  public void revisionsOf(Collection<PostId> ids, RevisionVisitor visitor) {
    refresh();
    read(
        searcher -> {
          Revisions.find(searcher.getIndexReader(), ids, visitor);
          return true;
        });
  }

  /** How many posts are searchable. */
  public long size() {
    return read(searcher -> (long) searcher.getIndexReader().numDocs());
  }

  /** Commits and closes; merges under way are dropped, and begun again after the next opening. */
  @Override
  public void close() {
    try (directory;
        searchers) {
      if (writer.isOpen()) {
        writer.commit();
      }
      writer.rollback();
    } catch (IOException | AlreadyClosedException e) {
      throw failure(e);
    }
  }

  private void change(Change change) {
    try {
      change.run();
    } catch (IOException | AlreadyClosedException e) {
      throw failure(e);
    }
  }

  private <T> T read(Read<T> read) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        return read.from(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException | AlreadyClosedException e) {
      throw failure(e);
    }
  }

  private RuntimeException failure(Exception e) {
    Throwable tragedy = writer.getTragicException();
    if (e instanceof CorruptIndexException || tragedy instanceof CorruptIndexException) {
      folder.markDamaged();
    }
    if (e instanceof AlreadyClosedException && tragedy == null) {
      return new IllegalStateException("the index must be open, was closed", e);
    }
    if (tragedy != null && told.compareAndSet(false, true)) {
      listener.accept(String.valueOf(tragedy.getMessage()));
    }
    return PulsegridException.of(
        FailureCode.INTERNAL,
        "the index failed ("
            + (tragedy == null ? e : tragedy).getMessage()
            + "); it stays closed until the node starts again, and is then brought up to date",
        e);
  }

  private interface Change {
    void run() throws IOException;
  }

  private interface Read<T> {
    T from(IndexSearcher searcher) throws IOException;
  }

  /**
   * A post to be indexed.
   *
   * @param vector of unit length; null for a post that only its words can find
   */
  @SuppressWarnings("ArrayRecordComponent") // a vector is written once and never compared by value
  public record Entry(Post post, long epoch, long number, float @Nullable [] vector) {}

  /** What may change about a post that is indexed, and the revision that it then has. */
  public record Touch(PostId id, @Nullable TrendId trend, long likes, long epoch, long number) {}

  /**
   * A post found.
   *
   * @param score BM25 for words, the cosine for a vector; compares within one list only
   */
  public record Scored(PostId id, float score) {}

  /**
   * What was found, best first.
   *
   * @param matches how many posts match the words; where no facets are counted, {@link #COUNTED} or
   *     more stand for at least that many
   * @param compared with how many vectors that of the query was compared
   */
  public record Ranked(
      List<Scored> text,
      List<Scored> vector,
      long matches,
      long compared,
      List<FacetCounts> facets) {
    /** Up to how many matches are counted; beyond, words that cannot matter are skipped over. */
    public static final int COUNTED = 10_000;

    public Ranked {
      text = List.copyOf(text);
      vector = List.copyOf(vector);
      facets = List.copyOf(facets);
    }
  }

  /** Takes the revision of one post. */
  @FunctionalInterface
  public interface RevisionVisitor {
    void visit(PostId id, long epoch, long number);
  }
}
