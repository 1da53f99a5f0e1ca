package io.pulsegrid.node.grid.wire;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.processor.MutableEntry;
import org.apache.ignite.binary.BinaryObjectException;
import org.apache.ignite.binary.BinaryReader;
import org.apache.ignite.binary.BinaryWriter;
import org.apache.ignite.binary.Binarylizable;
import org.apache.ignite.cache.CacheEntryProcessor;
import org.jspecify.annotations.Nullable;

/** A trend as it crosses nodes. */
public final class TrendWire implements Binarylizable {
  private static final String MERGED = "merged:";
  private static final String SPLIT_INTO = "split-into:";
  private static final String SPLIT_FROM = "split-from:";

  private String id = "";
  private String workspace = "";
  private String label = "";
  private String[] keywords = {};
  private String summary = "";
  private String state = "";
  private double score;
  private long postCount;
  private String[] platforms = {};
  private long[] platformCounts = {};
  private long firstSeenMillis;
  private long lastSeenMillis;
  private String[] moments = {};
  private long[] momentMillis = {};
  private long office;
  private long[] hourly = {};
  private long hourNow;
  private double rate;
  private double usual;

  /** When the evidence was looked at; 0 for none. */
  private long evidenceMillis;

  public static TrendWire of(Trend trend) {
    return of(trend, 0);
  }

  /**
   * A trend as the grid keeps it.
   *
   * @param office the clustering writer's, who says so
   */
  public static TrendWire of(Trend trend, long office) {
    TrendWire wire = new TrendWire();
    wire.id = trend.id().value();
    wire.workspace = trend.workspace().value();
    wire.label = trend.wording().label();
    wire.keywords = trend.wording().keywords().toArray(String[]::new);
    wire.summary = trend.wording().summary();
    wire.state = trend.state().name();
    wire.score = trend.score();
    wire.postCount = trend.postCount();
    wire.platforms = trend.platforms().keySet().stream().sorted().toArray(String[]::new);
    wire.platformCounts =
        Arrays.stream(wire.platforms).mapToLong(name -> trend.platforms().get(name)).toArray();
    wire.firstSeenMillis = trend.firstSeen().toEpochMilli();
    wire.lastSeenMillis = trend.lastSeen().toEpochMilli();
    wire.moments = trend.history().stream().map(TrendWire::momentText).toArray(String[]::new);
    wire.momentMillis = trend.history().stream().mapToLong(m -> m.at().toEpochMilli()).toArray();
    wire.office = office;
    Evidence evidence = trend.evidence();
    if (evidence != null) {
      wire.hourly = evidence.hourly().stream().mapToLong(Long::longValue).toArray();
      wire.hourNow = evidence.hourNow();
      wire.rate = evidence.rate();
      wire.usual = evidence.usual();
      wire.evidenceMillis = evidence.at().toEpochMilli();
    }
    return wire;
  }

  /** Says how a trend stands, unless a later writer has said so already. */
  public static final class Told implements CacheEntryProcessor<String, TrendWire, Boolean> {
    private static final long serialVersionUID = 1L;

    private final TrendWire trend;

    public Told(TrendWire trend) {
      this.trend = trend;
    }

    @Override
    public Boolean process(MutableEntry<String, TrendWire> entry, Object... arguments) {
      if (entry.exists() && entry.getValue().office > trend.office) {
        return false;
      }
      entry.setValue(trend);
      return true;
    }
  }

  public Trend trend() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < platforms.length; i++) {
      counts.put(platforms[i], platformCounts[i]);
    }
    List<Trend.Moment> history = new ArrayList<>();
    for (int i = 0; i < moments.length; i++) {
      history.add(moment(moments[i], Instant.ofEpochMilli(momentMillis[i])));
    }
    return new Trend(
        new TrendId(id),
        new WorkspaceId(workspace),
        new Trend.Wording(label, List.of(keywords), summary),
        TrendState.valueOf(state),
        score,
        postCount,
        counts,
        Instant.ofEpochMilli(firstSeenMillis),
        Instant.ofEpochMilli(lastSeenMillis),
        history,
        evidence());
  }

  private @Nullable Evidence evidence() {
    return evidenceMillis == 0
        ? null
        : new Evidence(
            Instant.ofEpochMilli(evidenceMillis),
            Arrays.stream(hourly).boxed().toList(),
            hourNow,
            rate,
            usual);
  }

  private static String momentText(Trend.Moment moment) {
    return switch (moment) {
      case Trend.Moment.Entered entered -> entered.state().name();
      case Trend.Moment.Merged merged ->
          MERGED + String.join(",", merged.from().stream().map(TrendId::value).toList());
      case Trend.Moment.SplitInto split -> SPLIT_INTO + split.part().value();
      case Trend.Moment.SplitFrom split -> SPLIT_FROM + split.whole().value();
    };
  }

  private static Trend.Moment moment(String text, Instant at) {
    if (text.startsWith(SPLIT_INTO)) {
      return new Trend.Moment.SplitInto(new TrendId(text.substring(SPLIT_INTO.length())), at);
    }
    if (text.startsWith(SPLIT_FROM)) {
      return new Trend.Moment.SplitFrom(new TrendId(text.substring(SPLIT_FROM.length())), at);
    }
    if (!text.startsWith(MERGED)) {
      return new Trend.Moment.Entered(TrendState.valueOf(text), at);
    }
    String[] from = text.substring(MERGED.length()).split(",", -1);
    return new Trend.Moment.Merged(Arrays.stream(from).map(TrendId::new).toList(), at);
  }

  @Override
  public void writeBinary(BinaryWriter writer) throws BinaryObjectException {
    writer.writeString("id", id);
    writer.writeString("workspace", workspace);
    writer.writeString("label", label);
    writer.writeStringArray("keywords", keywords);
    writer.writeString("summary", summary);
    writer.writeString("state", state);
    writer.writeDouble("score", score);
    writer.writeLong("postCount", postCount);
    writer.writeStringArray("platforms", platforms);
    writer.writeLongArray("platformCounts", platformCounts);
    writer.writeLong("firstSeen", firstSeenMillis);
    writer.writeLong("lastSeen", lastSeenMillis);
    writer.writeStringArray("moments", moments);
    writer.writeLongArray("momentTimes", momentMillis);
    writer.writeLong("office", office);
    writer.writeLongArray("hourly", hourly);
    writer.writeLong("hourNow", hourNow);
    writer.writeDouble("rate", rate);
    writer.writeDouble("usual", usual);
    writer.writeLong("evidenceAt", evidenceMillis);
  }

  @Override
  public void readBinary(BinaryReader reader) throws BinaryObjectException {
    id = reader.readString("id");
    workspace = reader.readString("workspace");
    label = reader.readString("label");
    keywords = reader.readStringArray("keywords");
    summary = reader.readString("summary");
    state = reader.readString("state");
    score = reader.readDouble("score");
    postCount = reader.readLong("postCount");
    platforms = reader.readStringArray("platforms");
    platformCounts = reader.readLongArray("platformCounts");
    firstSeenMillis = reader.readLong("firstSeen");
    lastSeenMillis = reader.readLong("lastSeen");
    moments = reader.readStringArray("moments");
    momentMillis = reader.readLongArray("momentTimes");
    office = reader.readLong("office");
    // Absent from what a node of an earlier version wrote.
    long @Nullable [] counts = reader.readLongArray("hourly");
    hourly = counts == null ? new long[0] : counts;
    hourNow = reader.readLong("hourNow");
    rate = reader.readDouble("rate");
    usual = reader.readDouble("usual");
    evidenceMillis = reader.readLong("evidenceAt");
  }
}
