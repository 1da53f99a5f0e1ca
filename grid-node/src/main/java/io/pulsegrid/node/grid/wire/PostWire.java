package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;
import org.jspecify.annotations.Nullable;

/**
 * A post as it stands in the grid: its content, how far it has come, and what its copies in
 * Postgres and in the search index still lack.
 */
public final class PostWire implements Binarylizable {
  /** The indexed fields; index names are the field names joined by an underscore. */
  public static final List<List<String>> INDEXES =
      List.of(List.of("dirty"), List.of("stage", "sequence"), List.of("stale"));

  // Measured: a page entry, its key, its places in the indexes; and UTF-8 of any script.
  private static final long ROUGH_BYTES_WITHOUT_TEXTS = 1_024;
  private static final long ROUGH_BYTES_A_CHARACTER = 3;

  private String workspace = "";
  private String platform = "";
  private String nativeId = "";
  private @Nullable String url;
  private @Nullable String author;
  private @Nullable String title;
  private @Nullable String text;
  private @Nullable String lang;
  private @Nullable String category;
  private String[] tags = {};
  private long[] engagement = {0, 0, 0, 0};
  private long publishedAtMillis;
  private long collectedAtMillis;
  private @Nullable String source;
  private @Nullable String fingerprint;
  private @Nullable String duplicateOf;
  private @Nullable String trendId;
  private int stage;
  private long sequence;
  private long epoch;
  private long number;
  private int dirty;
  private int stale;
  private long wholeEpoch;
  private long wholeNumber;
  private long writer;
  private long counted;
  private long countedBy;

  /** The fields that queries see, with their types. */
  public static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("dirty", Integer.class.getName());
    fields.put("stage", Integer.class.getName());
    fields.put("sequence", Long.class.getName());
    fields.put("stale", Integer.class.getName());
    return fields;
  }

  /** No post yet: the form alone. */
  public static PostWire blank() {
    return new PostWire();
  }

  /** A post as it was just taken in: collected, in no index, in no store. */
  public static PostWire collected(
      WorkspaceId workspace,
      Content content,
      Engagement engagement,
      Instant publishedAt,
      Instant collectedAt,
      @Nullable String source) {
    PostWire wire = new PostWire();
    wire.workspace = workspace.value();
    wire.content(content);
    wire.engagement(engagement);
    wire.publishedAtMillis = publishedAt.toEpochMilli();
    wire.collectedAtMillis = collectedAt.toEpochMilli();
    wire.source = source;
    wire.stage = Stage.COLLECTED.rank();
    return wire;
  }

  /** A post as the store has it: nothing is dirty; the index is compared by revision. */
  public static PostWire stored(Post post, @Nullable String fingerprint, Revision revision) {
    PostWire wire =
        collected(
            post.workspace(),
            post.content(),
            post.engagement(),
            post.publishedAt(),
            post.collectedAt(),
            post.progress().source());
    wire.fingerprint = fingerprint;
    wire.duplicateOf = valueOf(post.progress().duplicateOf());
    TrendId trend = post.progress().trendId();
    wire.trendId = trend == null ? null : trend.value();
    wire.stage = post.progress().stage().rank();
    wire.sequence = post.progress().sequence();
    // The store does not know at which place it was counted: at this one or an earlier one. One
    // that
    // was reworded since may be in a trend that was never saved: it is counted anew.
    boolean clustered = wire.stage == Stage.CLUSTERED.rank();
    wire.counted = trend != null && clustered ? wire.sequence : 0;
    wire.epoch = revision.epoch();
    wire.number = revision.number();
    wire.wholeSince(revision);
    return wire;
  }

  /** The same, to be put into the index whole. */
  public PostWire unindexed() {
    stale = Staleness.WHOLE.rank();
    return this;
  }

  /** The same, to be embedded: its vector was not stored. */
  public PostWire unembedded() {
    stage = Stage.COLLECTED.rank();
    return this;
  }

  /** The domain's view. */
  public Post post(PostId id) {
    return new Post(
        id,
        new WorkspaceId(workspace),
        content(),
        new Engagement(engagement[0], engagement[1], engagement[2], engagement[3]),
        Instant.ofEpochMilli(publishedAtMillis),
        Instant.ofEpochMilli(collectedAtMillis),
        new Post.Progress(
            stage(),
            sequence,
            source,
            duplicateOf == null ? null : new PostId(duplicateOf),
            trendId == null ? null : new TrendId(trendId)));
  }

  /** About how much memory it takes up in the grid, rather more than less. */
  public long roughBytes() {
    long characters =
        length(url) + length(author) + length(title) + length(text) + length(category);
    for (String tag : tags) {
      characters += tag.length();
    }
    return ROUGH_BYTES_WITHOUT_TEXTS + ROUGH_BYTES_A_CHARACTER * characters;
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** What it says. */
  public Content content() {
    return new Content(platform, nativeId, url, author, title, text, lang, category, List.of(tags));
  }

  public Stage stage() {
    return Stage.of(stage);
  }

  public long sequence() {
    return sequence;
  }

  public Instant collectedAt() {
    return Instant.ofEpochMilli(collectedAtMillis);
  }

  public String workspace() {
    return workspace;
  }

  public @Nullable String duplicateOf() {
    return duplicateOf;
  }

  public @Nullable String trendId() {
    return trendId;
  }

  public @Nullable String fingerprint() {
    return fingerprint;
  }

  public Revision revision() {
    return new Revision(epoch, number);
  }

  /**
   * The revision since which nothing but likes and trend has changed: a search index that has this
   * one or a later one needs those values only, every other needs the post whole.
   */
  public Revision wholeSince() {
    return new Revision(wholeEpoch, wholeNumber);
  }

  /** The office of the clustering writer that placed it last; 0 for none. */
  public long writer() {
    return writer;
  }

  /**
   * The place at which its trend has counted it: an earlier one than its own once it was reworded.
   * 0 while none has.
   */
  public long counted() {
    return counted;
  }

  /** The office of the clustering writer that counted it; 0 where only the store knows of that. */
  public long countedBy() {
    return countedBy;
  }

  /** Whether Postgres lacks this revision. */
  public boolean dirty() {
    return dirty != 0;
  }

  /** What the search index lacks of it. */
  public Staleness stale() {
    return Staleness.of(stale);
  }

  /** What a search index lacks of a post. */
  public enum Staleness {
    NOTHING(0),
    /** Its trend, engagement or revision. */
    VALUES(1),
    /** All of it. */
    WHOLE(2);

    private final int rank;

    Staleness(int rank) {
      this.rank = rank;
    }

    /** As it is stored; never renumbered. */
    public int rank() {
      return rank;
    }

    static Staleness of(int rank) {
      return rank == 0 ? NOTHING : rank == 1 ? VALUES : WHOLE;
    }
  }

  /** Whether it stands as it was seen. */
  public boolean shows(PostWire seen) {
    return saysTheSameAs(seen) && isCountedTheSameAs(seen);
  }

  /** Whether the world's side of it, counts apart, is the same. */
  boolean saysTheSameAs(PostWire other) {
    return content().equals(other.content())
        && (other.isUndated() || publishedAtMillis == other.publishedAtMillis);
  }

  /** Whether its time of arrival stands in for a date that nobody gave. */
  private boolean isUndated() {
    return publishedAtMillis == collectedAtMillis;
  }

  boolean isCountedTheSameAs(PostWire other) {
    return java.util.Arrays.equals(engagement, other.engagement);
  }

  /** Takes what the world says anew, keeping who we are and when we first saw it. */
  void renew(PostWire seen) {
    boolean reworded = !content().wording().equals(seen.content().wording());
    content(seen.content());
    engagement = seen.engagement.clone();
    if (!seen.isUndated()) {
      publishedAtMillis = seen.publishedAtMillis;
    }
    if (reworded) {
      // What was derived from the old wording is no longer true; it is derived again, in order.
      stage = Stage.COLLECTED.rank();
      sequence = seen.sequence;
      // The fingerprint stays until the next one is known: it tells which claim is to be given up.
      duplicateOf = null;
      // Its trend stays: it is counted there.
      stale = Staleness.NOTHING.rank();
    } else if (stage >= Stage.INDEXED.rank()) {
      stale = Staleness.WHOLE.rank();
    }
  }

  void recount(PostWire seen) {
    engagement = seen.engagement.clone();
    markValuesStale();
  }

  void sequence(long value) {
    sequence = value;
  }

  void moveTo(long place) {
    sequence = place;
    markValuesStale();
  }

  void fingerprinted(@Nullable String print, @Nullable String original) {
    fingerprint = print;
    duplicateOf = original;
  }

  void stage(Stage next) {
    stage = next.rank();
  }

  void counted(long place, long office) {
    counted = place;
    countedBy = office;
  }

  void writer(long office) {
    writer = office;
  }

  void trend(@Nullable String trend) {
    trendId = trend;
    markValuesStale();
  }

  void stale(Staleness next) {
    stale = next.rank();
  }

  /** A new revision, which Postgres lacks. */
  void revised(Stamp stamp) {
    revised(stamp, Revision.NONE);
  }

  /** A new revision, which Postgres lacks, later than another one too. */
  void revised(Stamp stamp, Revision after) {
    Revision next = revision().orLater(after).next(stamp);
    epoch = next.epoch();
    number = next.number();
    dirty = 1;
    if (stage < Stage.INDEXED.rank() || stale == Staleness.WHOLE.rank()) {
      wholeSince(next);
    }
  }

  private void wholeSince(Revision revision) {
    wholeEpoch = revision.epoch();
    wholeNumber = revision.number();
  }

  void stored() {
    dirty = 0;
  }

  private void markValuesStale() {
    if (stage >= Stage.INDEXED.rank() && stale == Staleness.NOTHING.rank()) {
      stale = Staleness.VALUES.rank();
    }
  }

  private void content(Content content) {
    platform = content.platform();
    nativeId = content.nativeId();
    url = content.url();
    author = content.author();
    title = content.title();
    text = content.text();
    lang = content.lang();
    category = content.category();
    tags = content.tags().toArray(String[]::new);
  }

  private void engagement(Engagement counts) {
    engagement = new long[] {counts.likes(), counts.comments(), counts.shares(), counts.views()};
  }

  private static @Nullable String valueOf(@Nullable PostId id) {
    return id == null ? null : id.value();
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("workspace", workspace);
    writer.writeString("platform", platform);
    writer.writeString("nativeId", nativeId);
    writer.writeString("url", url);
    writer.writeString("author", author);
    writer.writeString("title", title);
    writer.writeString("text", text);
    writer.writeString("lang", lang);
    writer.writeString("category", category);
    writer.writeStringArray("tags", tags);
    writer.writeLongArray("engagement", engagement);
    writer.writeLong("publishedAt", publishedAtMillis);
    writer.writeLong("collectedAt", collectedAtMillis);
    writer.writeString("source", source);
    writer.writeString("fingerprint", fingerprint);
    writer.writeString("duplicateOf", duplicateOf);
    writer.writeString("trendId", trendId);
    writer.writeInt("stage", stage);
    writer.writeLong("sequence", sequence);
    writer.writeLong("epoch", epoch);
    writer.writeLong("number", number);
    writer.writeInt("dirty", dirty);
    writer.writeInt("stale", stale);
    writer.writeLong("wholeEpoch", wholeEpoch);
    writer.writeLong("wholeNumber", wholeNumber);
    writer.writeLong("writer", this.writer);
    writer.writeLong("counted", counted);
    writer.writeLong("countedBy", countedBy);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    workspace = reader.readString("workspace");
    platform = reader.readString("platform");
    nativeId = reader.readString("nativeId");
    url = reader.readString("url");
    author = reader.readString("author");
    title = reader.readString("title");
    text = reader.readString("text");
    lang = reader.readString("lang");
    category = reader.readString("category");
    tags = reader.readStringArray("tags");
    engagement = reader.readLongArray("engagement");
    publishedAtMillis = reader.readLong("publishedAt");
    collectedAtMillis = reader.readLong("collectedAt");
    source = reader.readString("source");
    fingerprint = reader.readString("fingerprint");
    duplicateOf = reader.readString("duplicateOf");
    trendId = reader.readString("trendId");
    stage = reader.readInt("stage");
    sequence = reader.readLong("sequence");
    epoch = reader.readLong("epoch");
    number = reader.readLong("number");
    dirty = reader.readInt("dirty");
    stale = reader.readInt("stale");
    wholeEpoch = reader.readLong("wholeEpoch");
    wholeNumber = reader.readLong("wholeNumber");
    writer = reader.readLong("writer");
    counted = reader.readLong("counted");
    countedBy = reader.readLong("countedBy");
  }
}
