package io.pulsegrid.chaos.load;

import io.pulsegrid.chaos.node.Answer;
import io.pulsegrid.chaos.node.Grid;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Posts in batches, over many channels in turn, each batch until it is acknowledged; it keeps their
 * texts, no two of which are alike. For one thread.
 */
public final class Multitude {
  private static final int BATCH = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Peers peers;
  private final Deeds deeds = new Deeds();
  private final String run;
  private final List<String> channels = new ArrayList<>();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private int number;
  private int batches;

  /**
   * A multitude of its own.
   *
   * @param run tells its texts and accounts from those of other runs; letters and digits
   */
  public Multitude(Grid grid, String run) {
    this.peers = new Peers(grid, deeds);
    this.run = run;
  }

  /** Makes channels on the stand-in platform, each with an account of its own. */
  public void open(int count, URI platforms, BooleanSupplier wanted) throws InterruptedException {
    Accounts accounts = new Accounts(peers, platforms, run);
    for (int i = 0; i < count; i++) {
      channels.add(accounts.open(i, PATIENCE, wanted));
    }
  }

  /**
   * Schedules posts, evenly due over a span; those that nobody takes any more are not kept.
   *
   * @param wanted whether somebody still waits for it
   */
  public void schedule(int count, Instant from, Duration span, BooleanSupplier wanted)
      throws InterruptedException {
    for (int begin = 0; begin < count; begin += BATCH) {
      List<String> texts = new ArrayList<>();
      StringBuilder posts = new StringBuilder("[");
      for (int i = begin; i < Math.min(count, begin + BATCH); i++) {
        String text = "one of many " + run + "-" + number;
        texts.add(text);
        posts
            .append(i == begin ? "" : ",")
            .append(
                "{\"text\":\"%s\",\"channels\":[\"%s\"],\"when\":{\"at\":\"%s\"}}"
                    .formatted(
                        text,
                        channels.get(number % channels.size()),
                        from.plusNanos(span.toNanos() / count * i)));
        number++;
      }
      send(posts.append(']').toString(), texts, wanted);
    }
  }

  private void send(String posts, List<String> texts, BooleanSupplier wanted)
      throws InterruptedException {
    String name = "batch-" + run + "-" + batches++;
    Optional<Answer> answer =
        peers.ask(
            Deed.Kind.SCHEDULE,
            batches % peers.size(),
            PATIENCE,
            wanted,
            node -> node.postOnce("/scheduled-posts/batch", posts, name));
    if (answer.isPresent()) {
      long refused = answer.get().body().path("refused").longValue(0);
      if (refused > 0) {
        deeds.surprise("%d posts of a batch were refused".formatted(refused));
      }
      acknowledged.addAll(texts);
    }
  }

  /** The texts of all that was acknowledged. */
  public List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** What no fault excuses. */
  public List<String> surprises() {
    return deeds.surprises();
  }
}
