package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Schedules posts over many channels, due a few seconds later, each until it is acknowledged; and
 * every while a volley on one channel that just fits its narrow limit.
 */
final class Publishing implements Activity {
  private static final int CHANNELS = 24;
  private static final Duration EVERY = Duration.ofMillis(330);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration TO_OPEN = Duration.ofMinutes(2);
  private static final int LEAST_AHEAD_MILLIS = 5_000;
  private static final int SPREAD_MILLIS = 7_000;
  private static final int VOLLEY = 6;
  private static final int TURNS_A_VOLLEY =
      (int) (Settings.NARROW_SECONDS * 1_000L * VOLLEY / Settings.NARROW_LIMIT / EVERY.toMillis())
          + 6;

  private final Peers peers;
  private final Deeds deeds;
  private final Texts texts;
  private final String run;
  private final List<String> channels = new ArrayList<>();
  private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();
  private int number;

  Publishing(Peers peers, Deeds deeds, Texts texts, String run) {
    this.peers = peers;
    this.deeds = deeds;
    this.texts = texts;
    this.run = run;
  }

  List<Promise> promises() {
    return List.copyOf(promises);
  }

  /** Makes the channels; the last of them is the crowded one. */
  void open(URI platforms) throws InterruptedException {
    Instant giveUp = Instant.now().plus(TO_OPEN);
    Accounts accounts = new Accounts(peers, platforms, run);
    for (int i = 0; i <= CHANNELS; i++) {
      channels.add(accounts.open(i, PATIENCE, () -> Instant.now().isBefore(giveUp)));
    }
  }

  @Override
  public Duration turn(AtomicBoolean wanted) throws InterruptedException {
    number++;
    Instant due = Instant.now().plusMillis(LEAST_AHEAD_MILLIS + texts.below(SPREAD_MILLIS));
    if (number % TURNS_A_VOLLEY == 0) {
      for (int i = 0; i < VOLLEY; i++) {
        schedule(CHANNELS, run + "-" + number + "-" + i, due, wanted);
      }
    } else {
      schedule(texts.below(CHANNELS), run + "-" + number, due, wanted);
    }
    return EVERY;
  }

  private void schedule(int channel, String name, Instant due, AtomicBoolean wanted)
      throws InterruptedException {
    String text = texts.beginning("promise " + name);
    String body =
        """
        {"text":"%s","channels":["%s"],"when":{"at":"%s"}}\
        """
            .formatted(text, channels.get(channel), due);
    Optional<Answer> answer =
        peers.ask(
            Deed.Kind.SCHEDULE,
            texts.below(peers.size()),
            PATIENCE,
            wanted::get,
            node -> node.postOnce("/scheduled-posts", body, name));
    if (answer.isPresent()) {
      String id = answer.get().text("id");
      String delivery = answer.get().body().at("/deliveries/0/id").asString("");
      if (id.isEmpty() || delivery.isEmpty()) {
        deeds.surprise("scheduled without ids: " + answer.get().body());
      }
      promises.add(new Promise(id, delivery, text, due, channel == CHANNELS, Instant.now()));
    }
  }
}
