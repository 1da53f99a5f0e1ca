package io.pulsegrid.node.grid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class RevisionTest {

  @Property
  void theNextIsLaterWhateverTheStamp(
      @ForAll @LongRange(min = 0, max = 1000) long epoch,
      @ForAll @LongRange(min = 0, max = 1L << 40) long number,
      @ForAll @LongRange(min = 0, max = 1000) long stampEpoch,
      @ForAll @LongRange(min = 1, max = 1 << 20) long writer) {
    Revision now = new Revision(epoch, number);
    Revision next = now.next(new Stamp(stampEpoch, writer));
    assertThat(next).isGreaterThan(now);
    assertThat(next.epoch()).isGreaterThanOrEqualTo(stampEpoch);
  }

  /**
   * Several nodes that were cut from each other go on writing from whatever copy they have seen,
   * each in an epoch of its own counting; some take over another's copy.
   */
  @Property
  void noTwoNodesEverGiveOneRevisionToTwoContents(@ForAll("histories") List<Step> steps) {
    Map<Long, Revision> copies = new HashMap<>();
    Map<Long, Long> epochs = new HashMap<>();
    Map<Revision, String> contents = new HashMap<>();
    int change = 0;
    for (Step step : steps) {
      long node = step.node();
      Revision copy = copies.getOrDefault(node, Revision.NONE);
      if (step.takesOverFrom() != node) {
        copies.put(node, copy.orLater(copies.getOrDefault(step.takesOverFrom(), Revision.NONE)));
      } else {
        long epoch = epochs.merge(node, (long) step.nodesLeft(), Long::sum);
        Revision next = copy.next(new Stamp(epoch, node));
        String content = node + " wrote change " + change++;
        assertThat(contents.put(next, content)).as("what had revision %s before", next).isNull();
        copies.put(node, next);
      }
    }
  }

  /** A node writes, or takes over the copy of another; before, it may see nodes leave. */
  record Step(long node, long takesOverFrom, int nodesLeft) {}

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Long> nodes = Arbitraries.longs().between(1, 3);
    return Combinators.combine(nodes, nodes, Arbitraries.integers().between(0, 1))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
