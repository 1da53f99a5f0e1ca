package io.pulsegrid.chaos.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.chaos.node.GridFixture;
import io.pulsegrid.client.ImportOptions;
import io.pulsegrid.client.ImportResult;
import io.pulsegrid.client.NewPost;
import io.pulsegrid.client.NewScheduledPost;
import io.pulsegrid.client.Paging;
import io.pulsegrid.client.Post;
import io.pulsegrid.client.PostsRequest;
import io.pulsegrid.client.Pulsegrid;
import io.pulsegrid.client.ScheduledPost;
import io.pulsegrid.client.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What programs of earlier contracts sent, each naming what is on this grid. */
record KeptRequests(Map<String, String> messages) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path KEPT = Path.of("src/test/resources/contract");

  /** By the files that they are kept in. */
  static KeptRequests on(GridFixture grid, Pulsegrid pulsegrid) throws Exception {
    Map<String, String> here = whatTheyAskFor(grid, pulsegrid);
    Map<String, String> messages = new TreeMap<>();
    for (Path file : files()) {
      String message = Files.readString(file);
      for (Map.Entry<String, String> entry : here.entrySet()) {
        message = message.replace(entry.getKey(), entry.getValue());
      }
      messages.put(KEPT.relativize(file).toString(), message);
    }
    return new KeptRequests(messages);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> kept = Files.walk(KEPT)) {
      List<Path> files = kept.filter(Files::isRegularFile).toList();
      assertThat(files).hasSizeGreaterThan(30);
      return files;
    }
  }

  private static Map<String, String> whatTheyAskFor(GridFixture grid, Pulsegrid pulsegrid)
      throws Exception {
    String channel = grid.channel("kept");
    When later = When.at(Instant.parse("2027-12-01T08:00:00Z"));
    ScheduledPost post = pulsegrid.schedule(NewScheduledPost.of("Kept", later, channel));
    ScheduledPost edited = pulsegrid.schedule(NewScheduledPost.of("To edit", later, channel));
    ScheduledPost ended = pulsegrid.schedule(NewScheduledPost.of("To cancel", later, channel));
    String failing = grid.channel("kept-failing", "mistyped");
    ScheduledPost failed =
        pulsegrid.schedule(NewScheduledPost.of("To try again", When.now(), failing));
    assertThat(pulsegrid.follow(deliveryOf(failed), PATIENCE).state()).isEqualTo("FAILED");
    NewPost kept = NewPost.titled("kept", "1", "Kept words", Instant.parse("2026-11-01T12:00:00Z"));
    ImportResult _ = pulsegrid.importPosts(Stream.of(kept), ImportOptions.of(null));
    Post imported = pulsegrid.posts(PostsRequest.of("kept"), Paging.FIRST).items().getFirst();
    await().atMost(PATIENCE).until(() -> pulsegrid.post(imported.id()).trendId() != null);
    return Map.of(
        "KEY", grid.key(),
        "A_CHANNEL", channel,
        "A_POST", post.id(),
        "AN_EDITED", edited.id(),
        "A_DELIVERY", deliveryOf(post),
        "AN_ENDED", deliveryOf(ended),
        "A_FAILED", deliveryOf(failed),
        "A_TREND", String.valueOf(pulsegrid.post(imported.id()).trendId()),
        "AN_IMPORTED", imported.id());
  }

  private static String deliveryOf(ScheduledPost post) {
    return post.deliveries().getFirst().id();
  }
}
