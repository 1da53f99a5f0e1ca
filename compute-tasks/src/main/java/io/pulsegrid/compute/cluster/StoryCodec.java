package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.TrendId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Stories as bytes and back. Each carries the stream's own state (step and clock) too: the newest
 * of all restored is where the stream stood.
 */
final class StoryCodec {
  private static final byte VERSION = 3;

  /** Before posts were known one by one. */
  private static final byte SECOND_VERSION = 2;

  /** Before there was a tide, and hours in a pulse. */
  private static final byte FIRST_VERSION = 1;

  private final Vocabulary vocabulary;
  private final long halfLifeMillis;

  StoryCodec(Vocabulary vocabulary, long halfLifeMillis) {
    this.vocabulary = vocabulary;
    this.halfLifeMillis = halfLifeMillis;
  }

  /** A story read back, and the stream as it stood when it was written. */
  record Decoded(Story story, long step, EventClock clock, Tide tide) {}

  byte[] encode(Story story, long step, EventClock clock, Tide tide) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(step);
      clock.write(out);
      tide.write(out);
      out.writeLong(story.born);
      out.writeLong(story.touchedAt);
      out.writeLong(story.posts);
      out.writeInt(story.originals);
      out.writeLong(story.firstSeen);
      out.writeLong(story.lastSeen);
      story.pulse.write(out);
      writeCounts(story, out);
      writeSum(story, out);
      out.writeByte(story.exemplars.size());
      for (Exemplar exemplar : story.exemplars) {
        write(exemplar, out);
      }
      writeTraces(story, out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array can always be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a story back.
   *
   * @throws IllegalArgumentException for bytes that {@link #encode} did not write
   */
  Decoded decode(TrendId id, byte[] state, List<TrendId> aliases) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      byte version = in.readByte();
      if (version < FIRST_VERSION || version > VERSION) {
        throw new IllegalArgumentException(
            "state of trend %s must be of version %d to %d, was %d"
                .formatted(id, FIRST_VERSION, VERSION, version));
      }
      long step = in.readLong();
      EventClock clock = new EventClock();
      clock.read(in);
      Tide tide = new Tide(halfLifeMillis);
      if (version >= SECOND_VERSION) {
        tide.read(in);
      } else {
        tide.begin(clock.now());
      }
      return new Decoded(story(id, aliases, in, version), step, clock, tide);
    } catch (IOException e) {
      throw new IllegalArgumentException("state of trend " + id + " cannot be read", e);
    }
  }

  private Story story(TrendId id, List<TrendId> aliases, DataInputStream in, byte version)
      throws IOException {
    long born = in.readLong();
    long touchedAt = in.readLong();
    long posts = in.readLong();
    int originals = in.readInt();
    long firstSeen = in.readLong();
    long lastSeen = in.readLong();
    Story story =
        new Story(id, born, Pulse.read(in, halfLifeMillis, version >= SECOND_VERSION), firstSeen);
    story.aliases.addAll(aliases);
    story.toldAliases = aliases.size();
    story.touchedAt = touchedAt;
    story.posts = posts;
    story.originals = originals;
    story.lastSeen = lastSeen;
    readCounts(story, in);
    readSum(story, in);
    int exemplars = in.readByte();
    for (int i = 0; i < exemplars; i++) {
      story.exemplars.add(readExemplar(in));
    }
    if (version == VERSION) {
      readTraces(story, in);
    }
    return story;
  }

  private static void writeTraces(Story story, DataOutputStream out) throws IOException {
    List<String> platforms = List.copyOf(story.platforms.keySet());
    out.writeByte(story.traces.originals().size());
    for (Trace trace : story.traces.originals().values()) {
      write(trace, story, platforms, out);
    }
    out.writeByte(story.traces.copies().size());
    for (Trace trace : story.traces.copies()) {
      write(trace, story, platforms, out);
    }
    out.writeInt(story.arrivals.size());
    for (Map.Entry<PostId, Long> arrival : story.arrivals.entrySet()) {
      out.writeUTF(arrival.getKey().value());
      out.writeLong(arrival.getValue());
    }
  }

  private static void write(Trace trace, Story story, List<String> platforms, DataOutputStream out)
      throws IOException {
    Exemplar behind = trace.behind;
    out.writeUTF(trace.post.value());
    out.writeLong(trace.sequence);
    out.writeLong(trace.time);
    out.writeShort(platforms.indexOf(trace.platform));
    out.writeDouble(trace.weight);
    out.writeByte(behind == null ? -1 : story.exemplars.indexOf(behind));
  }

  private static void readTraces(Story story, DataInputStream in) throws IOException {
    List<String> platforms = List.copyOf(story.platforms.keySet());
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      Trace trace = trace(story, platforms, in);
      story.traces.put(Stories.key(trace.post), trace);
    }
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      story.traces.copied(trace(story, platforms, in));
    }
    for (int left = in.readInt(); left > 0; left--) {
      story.arrivals.put(new PostId(in.readUTF()), in.readLong());
    }
  }

  private static Trace trace(Story story, List<String> platforms, DataInputStream in)
      throws IOException {
    PostId post = new PostId(in.readUTF());
    long sequence = in.readLong();
    long time = in.readLong();
    String platform = platforms.get(in.readUnsignedShort());
    double weight = in.readDouble();
    byte behind = in.readByte();
    return new Trace(
        post, sequence, time, platform, weight, behind < 0 ? null : story.exemplars.get(behind));
  }

  private static void writeCounts(Story story, DataOutputStream out) throws IOException {
    out.writeShort(story.platforms.size());
    for (Map.Entry<String, Long> entry : story.platforms.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeLong(entry.getValue());
    }
    out.writeByte(story.members.size());
    for (long member : story.members) {
      out.writeLong(member);
    }
    out.writeShort(story.terms.size());
    for (Map.Entry<Term, Integer> entry : story.terms.entrySet()) {
      out.writeUTF(entry.getKey().word);
      out.writeInt(entry.getValue());
    }
  }

  private void readCounts(Story story, DataInputStream in) throws IOException {
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      story.platforms.put(in.readUTF(), in.readLong());
    }
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      story.members.add(in.readLong());
    }
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      Term term = vocabulary.term(in.readUTF());
      story.terms.put(term, in.readInt());
      vocabulary.use(term, story);
    }
  }

  /** The sum of a story of one post is that post's direction: not written twice. */
  private static void writeSum(Story story, DataOutputStream out) throws IOException {
    int[] sum = story.sum;
    boolean follows = story.originals == 1;
    out.writeShort(sum == null || follows ? 0 : sum.length);
    if (sum != null && !follows) {
      for (int component : sum) {
        out.writeInt(component);
      }
      out.writeInt(story.directions);
    }
  }

  private static void readSum(Story story, DataInputStream in) throws IOException {
    int dimensions = in.readUnsignedShort();
    if (dimensions > 0) {
      int[] sum = new int[dimensions];
      for (int i = 0; i < dimensions; i++) {
        sum[i] = in.readInt();
      }
      story.addDirections(sum, in.readInt());
    }
  }

  private static void write(Exemplar exemplar, DataOutputStream out) throws IOException {
    out.writeUTF(exemplar.wording);
    out.writeLong(exemplar.engagement);
    out.writeByte(exemplar.terms.length);
    for (Term term : exemplar.terms) {
      out.writeUTF(term.word);
    }
    byte[] direction = exemplar.direction;
    out.writeShort(direction == null ? 0 : direction.length);
    if (direction != null) {
      out.write(direction);
    }
  }

  private Exemplar readExemplar(DataInputStream in) throws IOException {
    String wording = in.readUTF();
    long engagement = in.readLong();
    Term[] terms = new Term[in.readUnsignedByte()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = vocabulary.term(in.readUTF());
    }
    int dimensions = in.readUnsignedShort();
    byte[] direction = dimensions == 0 ? null : in.readNBytes(dimensions);
    return new Exemplar(wording, terms, direction, engagement);
  }
}
