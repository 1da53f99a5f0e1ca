package io.pulsegrid.node.launch;

import io.pulsegrid.connectors.file.ImportLine;
import io.pulsegrid.connectors.file.ImportReader;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.node.config.SettingRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The posts of a file in the order of their publishedAt. They wait in a file of their own that is
 * gone with the process; in memory is only where each stands.
 */
final class Recording implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final FileChannel posts;
  private final List<Place> places;
  private final long rejected;

  /** Where a post stands. */
  private record Place(Instant at, long offset, int length) {}

  private Recording(FileChannel posts, List<Place> places, long rejected) {
    this.posts = posts;
    this.places = places;
    this.rejected = rejected;
  }

  /**
   * Reads a file to its end.
   *
   * @param complaints is told of each line that cannot be replayed
   * @throws SettingRefused when the file holds no post that can be
   * @throws io.pulsegrid.core.failure.PulsegridException {@code INVALID} for options or a header
   *     with which no line could be taken
   */
  static Recording read(InputStream file, PostImport.Options options, Consumer<String> complaints)
      throws IOException {
    Path own = Files.createTempFile("pulsegrid-replay", ".ndjson");
    FileChannel posts =
        FileChannel.open(
            own,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      List<Place> places = new ArrayList<>();
      long rejected = 0;
      ImportReader reader = new ImportReader(file, options);
      for (ImportLine line = reader.next(); line != null; line = reader.next()) {
        List<FieldError> errors = errors(line);
        if (line instanceof ImportLine.Good good && errors.isEmpty()) {
          places.add(written(good.post(), posts));
        } else {
          rejected++;
          for (FieldError error : errors) {
            complaints.accept(
                "line %d: %s: %s".formatted(line.line(), error.field(), error.message()));
          }
        }
      }
      if (places.isEmpty()) {
        throw new SettingRefused("the file holds no post that can be replayed");
      }
      places.sort(Comparator.comparing(Place::at));
      return new Recording(posts, places, rejected);
    } catch (IOException | RuntimeException e) {
      posts.close();
      throw e;
    }
  }

  private static List<FieldError> errors(ImportLine line) {
    return switch (line) {
      case ImportLine.Bad bad -> bad.errors();
      case ImportLine.Good good ->
          good.post().publishedAt() == null
              ? List.of(new FieldError("publishedAt", "is required for a replay"))
              : List.of();
    };
  }

  private static Place written(IncomingPost post, FileChannel posts) throws IOException {
    Instant at = post.publishedAt();
    if (at == null) {
      throw new IllegalArgumentException("a post to replay has a time");
    }
    byte[] line = (json(post, at) + "\n").getBytes(StandardCharsets.UTF_8);
    Place place = new Place(at, posts.position(), line.length);
    ByteBuffer buffer = ByteBuffer.wrap(line);
    while (buffer.hasRemaining()) {
      int _ = posts.write(buffer);
    }
    return place;
  }

  private static ObjectNode json(IncomingPost post, Instant at) {
    Content content = post.content();
    ObjectNode node =
        JSON.createObjectNode()
            .put("platform", content.platform())
            .put("nativeId", content.nativeId())
            .put("publishedAt", at.toString());
    put(node, "url", content.url());
    put(node, "author", content.author());
    put(node, "title", content.title());
    put(node, "text", content.text());
    put(node, "lang", content.lang());
    put(node, "category", content.category());
    var tags = node.putArray("tags");
    content.tags().forEach(tags::add);
    Engagement counts = post.engagement();
    node.putObject("engagement")
        .put("likes", counts.likes())
        .put("comments", counts.comments())
        .put("shares", counts.shares())
        .put("views", counts.views());
    return node;
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  int size() {
    return places.size();
  }

  /** Lines that cannot be replayed. */
  long rejected() {
    return rejected;
  }

  /** When a post was published. */
  Instant at(int index) {
    return places.get(index).at();
  }

  /** Posts from one to before another, as NDJSON. */
  byte[] lines(int from, int to) throws IOException {
    var lines = new ByteArrayOutputStream();
    for (Place place : places.subList(from, to)) {
      ByteBuffer buffer = ByteBuffer.allocate(place.length());
      long offset = place.offset();
      while (buffer.hasRemaining()) {
        int count = posts.read(buffer, offset + buffer.position());
        if (count < 0) {
          throw new IOException("the posts to replay have become shorter");
        }
      }
      lines.write(buffer.array(), 0, place.length());
    }
    return lines.toByteArray();
  }

  @Override
  public void close() throws IOException {
    posts.close();
  }
}
