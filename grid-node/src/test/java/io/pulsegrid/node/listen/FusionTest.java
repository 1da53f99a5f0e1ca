package io.pulsegrid.node.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.compute.index.PostIndex;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchQuery.Mode;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final float NEAR = Fusion.LEAST_LIKENESS + 0.01f;
  private static final float FAR = Fusion.LEAST_LIKENESS - 0.01f;
  private static final PostId A = PostId.of(WorkspaceId.DEFAULT, "test", "a");
  private static final PostId B = PostId.of(WorkspaceId.DEFAULT, "test", "b");

  @Test
  void findsNothingWhereNoWordFitsAndNothingIsAlike() {
    assertThat(fused(Mode.HYBRID, List.of(), List.of(scored(A, FAR), scored(B, -0.2f)))).isEmpty();
  }

  @Test
  void keepsWhatIsAlikeWhereNoWordFits() {
    assertThat(fused(Mode.HYBRID, List.of(), List.of(scored(A, NEAR), scored(B, FAR))))
        .containsExactly(A.value());
  }

  @Test
  void keepsWhateverIsNearestWhereWordsFitOrNobodyAsksForWords() {
    assertThat(fused(Mode.HYBRID, List.of(scored(B, 3)), List.of(scored(A, FAR))))
        .containsExactlyInAnyOrder(A.value(), B.value());
    assertThat(fused(Mode.VECTOR, List.of(), List.of(scored(A, FAR)))).containsExactly(A.value());
  }

  @Test
  void tellsTheSameTotalOfManyNodesAsOfOne() {
    // Nodes count to 10,000 and a little beyond.
    assertThat(totals(12_345)).containsExactly(10_000L, 12_345L);
    assertThat(totals(10_002, 10_001, 7)).containsExactly(10_000L, 20_010L);
    assertThat(totals(4_000, 3_000, 7)).containsExactly(7_007L, 7_007L);
  }

  private static List<Long> totals(long... matches) {
    var fusion = new Fusion(Mode.TEXT, 10);
    for (long ofNode : matches) {
      var found =
          new SearchJob.Found(
              new BitSet(), new PostIndex.Ranked(List.of(), List.of(), ofNode, 0, List.of()));
      fusion.add(found);
    }
    return List.of(fusion.matches(false), fusion.matches(true));
  }

  private static List<String> fused(
      Mode mode, List<PostIndex.Scored> words, List<PostIndex.Scored> meanings) {
    var found =
        new SearchJob.Found(
            new BitSet(), new PostIndex.Ranked(words, meanings, words.size(), 0, List.of()));
    var fusion = new Fusion(mode, 10);
    fusion.add(found);
    return fusion.ranked(null).stream().map(Fusion.Ranked::id).toList();
  }

  private static PostIndex.Scored scored(PostId id, float score) {
    return new PostIndex.Scored(id, score);
  }
}
