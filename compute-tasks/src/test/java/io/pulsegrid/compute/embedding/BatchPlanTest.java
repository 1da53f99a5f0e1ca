package io.pulsegrid.compute.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  @Test
  void putsEveryTextInExactlyOneBatchWithinTheBudget() {
    int[] lengths = new SplittableRandom(7).ints(1_000, 2, 257).toArray();
    List<int[]> batches = BatchPlan.cut(lengths, 512);
    assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted())
        .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    assertThat(batches)
        .allSatisfy(
            batch -> {
              int longest = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
              assertThat(longest * batch.length).isLessThanOrEqualTo(512);
            });
  }

  @Test
  void putsTextsOfLikeLengthTogether() {
    int[] lengths = {200, 3, 190, 4, 3, 4};
    assertThat(BatchPlan.cut(lengths, 400))
        .containsExactly(new int[] {0, 2}, new int[] {3, 5, 1, 4});
  }

  @Test
  void cutsNothingIntoNothing() {
    assertThat(BatchPlan.cut(new int[0], 512)).isEmpty();
  }
}
