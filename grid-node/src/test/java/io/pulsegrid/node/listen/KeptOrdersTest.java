package io.pulsegrid.node.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptOrdersTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final KeptOrders orders = new KeptOrders(() -> now, 100_000);

  @Test
  void keepsAnOrderForTenMinutesAfterItsLastUse() {
    long number = orders.keep(order(3));
    now = now.plus(KeptOrders.KEPT.minusMillis(1));
    assertThat(orders.find(number)).hasValueSatisfying(o -> assertThat(o.size()).isEqualTo(3));
    now = now.plus(KeptOrders.KEPT.minusMillis(1));
    assertThat(orders.find(number)).isPresent();
    now = now.plus(KeptOrders.KEPT);
    assertThat(orders.find(number)).isEmpty();
    assertThat(orders.find(number + 1)).isEmpty();
  }

  @Test
  void forgetsWhatWasUsedLongestAgoWhenTheyAreTooMany() {
    long first = orders.keep(order(1_000));
    long second = orders.keep(order(1_000));
    assertThat(orders.find(first)).isPresent();
    long third = orders.keep(order(1_000));
    assertThat(orders.find(second)).isEmpty();
    assertThat(orders.find(first)).isPresent();
    assertThat(orders.find(third)).isPresent();
  }

  @Test
  void anOrderGrowsAtItsEndOnly() {
    SearchOrder order = order(3);
    List<Fusion.Ranked> later = new ArrayList<>();
    later.add(ranked(7));
    later.addAll(order.window(0, 3).reversed());
    SearchOrder deepened = order.deepened(later, 9, false);
    assertThat(deepened.window(0, 3)).isEqualTo(order.window(0, 3));
    assertThat(deepened.window(3, 100)).containsExactly(ranked(7));
    assertThat(deepened.total()).isEqualTo(9);
    assertThat(order.size()).isEqualTo(3);
  }

  private static SearchOrder order(int size) {
    List<Fusion.Ranked> ranked = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ranked.add(ranked(i));
    }
    return new SearchOrder("asked", ranked, size, true, List.of());
  }

  private static Fusion.Ranked ranked(int number) {
    String id = PostId.of(WorkspaceId.DEFAULT, "test", "p" + number).value();
    return new Fusion.Ranked(id, 1.0 / (number + 1));
  }
}
