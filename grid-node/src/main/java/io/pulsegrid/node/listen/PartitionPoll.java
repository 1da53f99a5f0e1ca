package io.pulsegrid.node.listen;

import io.pulsegrid.node.grid.CacheShapes;
import io.pulsegrid.node.grid.GridConfiguration;
import io.pulsegrid.node.grid.PostCaches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteInClosure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One search put to the grid: every partition is answered by exactly one of its copies, however the
 * nodes come and go meanwhile. The asker says which partitions it wants of a node. A node that
 * fails, or cannot answer for some of them, is replaced at once by other copies; beside one that is
 * silent for half a second others are asked, and whoever answers first counts.
 *
 * <p>Copies are asked in this order: the primary, the backups, at last any node, since one that a
 * partition has just left can answer until the next has indexed it. For one thread and one use.
 */
final class PartitionPoll {
  private static final Logger log = LoggerFactory.getLogger(PartitionPoll.class);
  private static final long SILENCE_NANOS = Duration.ofMillis(500).toNanos();
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Ignite ignite;
  private final PostCaches caches;
  private final SilentNodes silent;
  private final SearchJob.Question question;
  private final long start = System.nanoTime();
  private final BlockingQueue<Asked> ready = new LinkedBlockingQueue<>();
  private final List<Asked> open = new ArrayList<>();
  private final Map<UUID, BitSet> tried = new HashMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private final BitSet unanswered = new BitSet();

  /** What one node found. */
  record Answer(ClusterNode node, SearchJob.Found found) {}

  /** Some partitions asked of a node. */
  private record Asked(
      ClusterNode node, BitSet partitions, IgniteFuture<SearchJob.Found> future, long atNanos) {
    boolean isSilent() {
      return System.nanoTime() - atNanos >= SILENCE_NANOS;
    }
  }

  /** Whom to ask next, and how. */
  private record Candidate(ClusterNode node, boolean lastResort) {}

  PartitionPoll(Ignite ignite, PostCaches caches, SilentNodes silent, SearchJob.Question question) {
    this.ignite = ignite;
    this.caches = caches;
    this.silent = silent;
    this.question = question;
    unanswered.set(0, CacheShapes.PARTITIONS);
  }

  /** Asks; returns when all partitions are answered, or nobody is left to ask. */
  List<Answer> answers() {
    askForWhatIsUncovered();
    while (!unanswered.isEmpty() && !open.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
      Asked next = nextReady();
      if (next != null && open.remove(next)) {
        take(next);
      }
      askForWhatIsUncovered();
    }
    open.forEach(asked -> asked.future().cancel());
    return answers;
  }

  /** The partitions that nobody could answer. */
  BitSet unanswered() {
    return unanswered;
  }

  private @Nullable Asked nextReady() {
    long wait = PATIENCE_NANOS - (System.nanoTime() - start);
    for (Asked asked : open) {
      if (!asked.isSilent()) {
        wait = Math.min(wait, SILENCE_NANOS - (System.nanoTime() - asked.atNanos()));
      }
    }
    try {
      return ready.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IgniteException("interrupted while searching", e);
    }
  }

  private void take(Asked asked) {
    SearchJob.Found found;
    try {
      found = asked.future().get();
    } catch (IgniteException e) {
      log.debug("node {} could not search", asked.node().id(), e);
      return;
    }
    silent.answered(asked.node().id());
    BitSet answered = found.answered();
    if (answered.isEmpty()) {
      return;
    }
    answers.add(new Answer(asked.node(), found));
    unanswered.andNot(answered);
    // Another's answer about any of these would count them twice: what else that one was asked
    // about is asked anew.
    open.removeIf(
        other -> {
          boolean overlaps = other.partitions().intersects(answered);
          if (overlaps) {
            other.future().cancel();
            tried(other.node()).andNot(other.partitions());
          }
          return overlaps;
        });
  }

  /** Asks for all that no question is about, or none but to a silent node. */
  private void askForWhatIsUncovered() {
    boolean again = true;
    while (again) {
      BitSet uncovered = (BitSet) unanswered.clone();
      for (Asked asked : open) {
        if (asked.isSilent()) {
          silent.silent(asked.node().id());
        } else {
          uncovered.andNot(asked.partitions());
        }
      }
      Map<Candidate, BitSet> questions = new LinkedHashMap<>();
      for (int p = uncovered.nextSetBit(0); p >= 0; p = uncovered.nextSetBit(p + 1)) {
        Candidate candidate = next(p);
        if (candidate != null) {
          questions.computeIfAbsent(candidate, _ -> new BitSet()).set(p);
        }
      }
      again = false;
      for (Map.Entry<Candidate, BitSet> one : questions.entrySet()) {
        again |= !ask(one.getKey(), one.getValue());
      }
    }
  }

  private boolean ask(Candidate candidate, BitSet partitions) {
    ClusterNode node = candidate.node();
    tried(node).or(partitions);
    try {
      IgniteFuture<SearchJob.Found> future =
          ignite
              .compute(ignite.cluster().forNode(node))
              .withNoFailover()
              .withExecutor(GridConfiguration.SEARCH_EXECUTOR)
              .callAsync(new SearchJob(question, partitions, candidate.lastResort()));
      Asked asked = new Asked(node, partitions, future, System.nanoTime());
      open.add(asked);
      future.listen(new Ready(ready, asked));
      return true;
    } catch (IgniteException e) {
      log.debug("node {} could not be asked", node.id(), e);
      return false;
    }
  }

  /** The next copy of a partition to ask; null if all were asked. */
  private @Nullable Candidate next(int partition) {
    Collection<ClusterNode> owners = caches.affinity().mapPartitionToPrimaryAndBackups(partition);
    // A stable sort: among those that answer, the primary stays first.
    List<ClusterNode> ordered =
        owners.stream().sorted(Comparator.comparing(node -> silent.isAvoided(node.id()))).toList();
    for (ClusterNode node : ordered) {
      if (!tried(node).get(partition)) {
        return new Candidate(node, false);
      }
    }
    for (ClusterNode node : ignite.cluster().forServers().nodes()) {
      if (!tried(node).get(partition)) {
        return new Candidate(node, true);
      }
    }
    return null;
  }

  private BitSet tried(ClusterNode node) {
    return tried.computeIfAbsent(node.id(), _ -> new BitSet());
  }

  /** Hands a question over when its future is done; runs here, never elsewhere. */
  private static final class Ready implements IgniteInClosure<IgniteFuture<SearchJob.Found>> {
    private static final long serialVersionUID = 1L;

    private final transient BlockingQueue<Asked> queue;
    private final transient Asked asked;

    Ready(BlockingQueue<Asked> queue, Asked asked) {
      this.queue = queue;
      this.asked = asked;
    }

    @Override
    public void apply(IgniteFuture<SearchJob.Found> future) {
      queue.add(asked);
    }
  }
}
