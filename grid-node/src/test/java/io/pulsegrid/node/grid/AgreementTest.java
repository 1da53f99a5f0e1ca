package io.pulsegrid.node.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.junit.jupiter.api.Test;

/** When a node may store what it holds of the grid. */
class AgreementTest {
  @Test
  void storesNothingAloneNorWithNodesThatItOnlyStillSees() {
    try (GridFixture grid = GridFixture.of(3)) {
      List<ClusterNode> all = List.copyOf(grid.node(0).cluster().nodes());
      assertThat(grid.size().change(grid.size().read(), 3)).isTrue();
      Membership cutOff = new Membership(grid.size(), "cut off");
      assertThat(cutOff.answer(all)).isTrue();
      cutOff.requireAgreement(() -> all);

      // One neighbour is given up before the other: for a moment they look like the majority.
      Iterator<List<ClusterNode>> views =
          List.of(all.subList(1, 3), all.subList(1, 3), all.subList(2, 3)).iterator();
      assertThatThrownBy(() -> cutOff.requireAgreement(views::next))
          .hasMessageContaining("lacks the majority")
          .satisfies(
              e -> assertThat(((PulsegridException) e).code()).isEqualTo(FailureCode.UNAVAILABLE));
      assertThat(views.hasNext()).isFalse();

      Membership stays = new Membership(grid.size(), "stays");
      assertThat(stays.answer(all)).isTrue();
      AtomicInteger looks = new AtomicInteger();
      stays.requireAgreement(
          () -> {
            if (looks.incrementAndGet() == 3) {
              // Both took part in the change by now.
              assertThat(stays.answer(all.subList(0, 2))).isTrue();
            }
            return all.subList(0, 2);
          });
      assertThat(looks).hasValue(3);
    }
  }

  @Test
  void agreesWithTheNodesOfItsGridAsTheyComeAndGo() {
    try (GridFixture grid = GridFixture.of(3)) {
      Membership membership = grid.asked(0);
      Ignite first = grid.node(0);
      membership.refresh(first.cluster().nodes(), _ -> true);
      assertThat(membership.expected().nodes()).isEqualTo(3);
      CacheShapes.open(first, CacheShapes.partitioned("kept", 1));
      membership.requireAgreement(() -> first.cluster().forServers().nodes());

      grid.stop(2);
      await().until(() -> first.cluster().nodes().size() == 2);
      membership.requireAgreement(() -> first.cluster().forServers().nodes());

      grid.stop(1);
      await().until(() -> first.cluster().nodes().size() == 1);
      assertThatThrownBy(
              () -> membership.requireAgreement(() -> first.cluster().forServers().nodes()))
          .hasMessageContaining("lacks the majority");
    }
  }
}
