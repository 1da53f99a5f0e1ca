package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.json.JsonMapper;

/** Imports lot after lot, each until it is acknowledged. */
final class Importing implements Activity {
  private static final int LOT = 20;
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Peers peers;
  private final Deeds deeds;
  private final Texts texts;
  private final String run;
  private final Queue<Lot> acknowledged = new ConcurrentLinkedQueue<>();
  private int number;

  Importing(Peers peers, Deeds deeds, Texts texts, String run) {
    this.peers = peers;
    this.deeds = deeds;
    this.texts = texts;
    this.run = run;
  }

  List<Lot> acknowledged() {
    return List.copyOf(acknowledged);
  }

  @Override
  public Duration turn(AtomicBoolean wanted) throws InterruptedException {
    number++;
    Optional<Lot> _ = add("lot" + run + "x" + number, LOT, wanted);
    return EVERY;
  }

  /** Imports so many posts that all bear a word. */
  Optional<Lot> add(String word, int size, AtomicBoolean wanted) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < size; i++) {
      String id = word + "-" + i;
      ids.add(id);
      lines
          .append(
              JsonMapper.shared()
                  .createObjectNode()
                  .put("platform", Lot.PLATFORM)
                  .put("nativeId", id)
                  .put("author", "author" + texts.below(50))
                  .put("text", texts.beginning(word)))
          .append('\n');
    }
    Optional<Answer> answer =
        peers.ask(
            Deed.Kind.IMPORT,
            texts.below(peers.size()),
            PATIENCE,
            wanted::get,
            node -> node.importLines(lines.toString()));
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    long taken =
        answer.get().body().path("accepted").longValue(0)
            + answer.get().body().path("unchanged").longValue(0);
    if (taken != size) {
      deeds.surprise("an import of %d posts took %s".formatted(size, answer.get().body()));
    }
    Lot lot = new Lot(word, ids, Instant.now());
    acknowledged.add(lot);
    return Optional.of(lot);
  }
}
