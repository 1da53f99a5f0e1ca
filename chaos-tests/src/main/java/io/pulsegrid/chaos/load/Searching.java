package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Rest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;

/** Asks node after node for posts that were found before, and counts those that are missed. */
final class Searching implements Activity {
  private static final Duration EVERY = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_HITS = 500;

  private final Peers peers;
  private final Set<String> known;
  private final String word;
  private final Queue<Look> looks = new ConcurrentLinkedQueue<>();
  private int turns;

  Searching(Peers peers, Lot beacons) {
    this.peers = peers;
    this.known = new HashSet<>(beacons.nativeIds());
    this.word = beacons.word();
  }

  List<Look> looks() {
    return List.copyOf(looks);
  }

  @Override
  public Duration turn(AtomicBoolean wanted) throws InterruptedException {
    turns++;
    Optional<Answer> answer =
        peers.ask(
            Deed.Kind.SEARCH,
            turns % peers.size(),
            PATIENCE,
            () -> false,
            node -> find(node, word));
    if (answer.isPresent()) {
      Set<String> missed = new HashSet<>(known);
      missed.removeAll(found(answer.get()));
      looks.add(new Look(Instant.now(), missed.size()));
    }
    return EVERY;
  }

  static Answer find(Rest node, String word) throws IOException, InterruptedException {
    return node.get("/search?mode=text&limit=" + MOST_HITS + "&q=" + word);
  }

  /** The native ids among an answer's hits. */
  static Set<String> found(Answer answer) {
    Set<String> found = new HashSet<>();
    for (JsonNode hit : answer.body().path("hits")) {
      found.add(hit.at("/post/nativeId").asString(""));
    }
    return found;
  }
}
