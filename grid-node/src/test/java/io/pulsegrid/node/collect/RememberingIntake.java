package io.pulsegrid.node.collect;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.Intake;
import io.pulsegrid.core.post.PostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** An intake that keeps what it takes, and can be shut for a number of calls. */
final class RememberingIntake implements Intake {
  private final Map<PostId, IncomingPost> posts = new LinkedHashMap<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();
  private final List<Integer> batches = new ArrayList<>();
  private volatile Predicate<IncomingPost> parks = _ -> false;

  @Override
  public synchronized List<Receipt> take(WorkspaceId workspace, List<IncomingPost> taken) {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw PulsegridException.unavailable("too much waits", Duration.ofSeconds(1));
    }
    batches.add(taken.size());
    List<Receipt> receipts = new ArrayList<>();
    for (IncomingPost post : taken) {
      PostId id = PostId.of(workspace, post.content().platform(), post.content().nativeId());
      if (parks.test(post)) {
        receipts.add(new Receipt.Parked(id, "poison"));
      } else {
        boolean same = post.equals(posts.put(id, post));
        receipts.add(same ? new Receipt.Unchanged(id) : new Receipt.Accepted(id));
      }
    }
    if (breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw PulsegridException.unavailable("the rest was not taken", Duration.ofSeconds(1));
    }
    return receipts;
  }

  /** Takes all of so many calls, and says that it did not. */
  void breakOff(int calls) {
    breaks.set(calls);
  }

  void refuse(int calls) {
    refusals.set(calls);
  }

  /** How many calls are still to be refused. */
  int refusals() {
    return refusals.get();
  }

  void park(Predicate<IncomingPost> which) {
    parks = which;
  }

  synchronized List<String> titles() {
    return posts.values().stream().map(post -> String.valueOf(post.content().title())).toList();
  }

  synchronized List<IncomingPost> of(String platform) {
    return posts.values().stream()
        .filter(post -> post.content().platform().equals(platform))
        .toList();
  }

  synchronized List<Integer> batches() {
    return List.copyOf(batches);
  }
}
