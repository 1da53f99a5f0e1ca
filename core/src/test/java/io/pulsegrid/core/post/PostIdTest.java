package io.pulsegrid.core.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pulsegrid.core.access.WorkspaceId;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;

class PostIdTest {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  @Property(tries = 200)
  void isTheSameForTheSamePostAndHasItsForm(
      @ForAll @AlphaChars @StringLength(min = 1, max = 9) String platform,
      @ForAll @NotBlank String nativeId) {
    PostId id = PostId.of(WorkspaceId.DEFAULT, platform, nativeId);

    assertThat(id).isEqualTo(PostId.of(WorkspaceId.DEFAULT, platform, nativeId));
    assertThat(id.value()).matches("[a-z2-7]{26}");
    assertThat(new PostId(id.value())).isEqualTo(id);
    assertThat(id).hasToString(id.value());
  }

  @Property(tries = 200)
  void tellsPlatformsNativeIdsAndWorkspacesApart(
      @ForAll @NumericChars @StringLength(min = 1, max = 9) String one,
      @ForAll @NumericChars @StringLength(min = 1, max = 9) String other) {
    Assume.that(!one.equals(other));
    PostId id = PostId.of(WorkspaceId.DEFAULT, "feed", one);

    assertThat(id)
        .isNotEqualTo(PostId.of(WorkspaceId.DEFAULT, "feed", other))
        .isNotEqualTo(PostId.of(WorkspaceId.DEFAULT, "reddit", one))
        .isNotEqualTo(PostId.of(new WorkspaceId("w" + one), "feed", one));
    // Where one part ends and the next begins counts too.
    assertThat(PostId.of(WorkspaceId.DEFAULT, "p" + one, other))
        .isNotEqualTo(PostId.of(WorkspaceId.DEFAULT, "p", one + other));
  }

  @Property(tries = 200)
  void itsBucketIsItsFirstTenBits(@ForAll @NotBlank String nativeId) {
    PostId id = PostId.of(WorkspaceId.DEFAULT, "feed", nativeId);

    assertThat(id.bucket()).isBetween(0, PostId.BUCKETS - 1);
    assertThat(ALPHABET.charAt(id.bucket() >> 5)).isEqualTo(id.value().charAt(0));
    assertThat(ALPHABET.charAt(id.bucket() & 31)).isEqualTo(id.value().charAt(1));
  }

  @Example
  void bucketsFillEvenly() {
    int[] posts = new int[PostId.BUCKETS];
    Set<PostId> ids = new HashSet<>();
    for (int i = 0; i < 64 * PostId.BUCKETS; i++) {
      PostId id = PostId.of(WorkspaceId.DEFAULT, "hackernews", String.valueOf(i));
      posts[id.bucket()]++;
      ids.add(id);
    }
    assertThat(ids).hasSize(64 * PostId.BUCKETS);
    // Six standard deviations around 64.
    assertThat(IntStream.of(posts)).allMatch(count -> count > 16 && count < 112);
  }

  @Property(tries = 200)
  void isTheOnlyFormThatIsTaken(@ForAll String text) {
    Assume.that(!text.matches("[a-z2-7]{26}"));

    assertThat(PostId.isValid(text)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PostId(text))
        .withMessageStartingWith("a post id is 26 of a-z and 2-7, was ");
  }

  /** Ids are kept for ever: the way they are made must never change. */
  @Example
  void neverChanges() {
    assertThat(PostId.of(WorkspaceId.DEFAULT, "hackernews", "12445994").value())
        .isEqualTo("5efoqsdn5auliw6tvkbyyb7gyy");
  }
}
