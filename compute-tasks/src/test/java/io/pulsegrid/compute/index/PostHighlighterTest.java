package io.pulsegrid.compute.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.search.SearchAnswer.Highlights;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PostHighlighterTest {
  @Test
  void showsWordsAsTheyAreFoundWhateverTheirForm() {
    Highlights shown = shown("flood cafe", "Floods at the CAFÉ", "A flooded town. Nothing else.");
    assertThat(shown.title()).containsExactly("<em>Floods</em> at the <em>CAFÉ</em>");
    assertThat(shown.text()).containsExactly("A <em>flooded</em> town. Nothing else.");
  }

  @Test
  void escapesWhatThePostSays() {
    Highlights shown = shown("alert", "<script>alert('x')</script> & \"more\"", "a<em>alert</em>b");
    assertThat(shown.title())
        .containsExactly(
            "&lt;script&gt;<em>alert</em>(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;");
    assertThat(shown.text()).containsExactly("a&lt;em&gt;<em>alert</em>&lt;/em&gt;b");
  }

  @Test
  void showsPhrasesWhereTheyStandTogetherAndNothingExcluded() {
    Highlights shown =
        shown("\"new phone\" -camera", "A phone that is new", "The new phone has a camera");
    assertThat(shown.title()).isEmpty();
    assertThat(shown.text().getFirst()).contains("phone</em>").doesNotContain("<em>camera");
  }

  @Test
  void showsAWordEvenWhereAPostLacksTheOthers() {
    assertThat(shown("storm wind rain hail", null, "only wind").text())
        .containsExactly("only <em>wind</em>");
    assertThat(shown("storm", "calm", null)).isEqualTo(new Highlights(List.of(), List.of()));
    assertThat(shown("-", "-", "\"").text()).isEmpty();
  }

  @Test
  void keepsPassagesShortAndFew() {
    String text = ("needle " + "hay and straw ".repeat(40)).repeat(6);
    Highlights shown = shown("needle", null, text);
    assertThat(shown.text()).hasSize(3);
    assertThat(shown.text())
        .allSatisfy(
            passage -> assertThat(passage).contains("<em>needle</em>").hasSizeLessThan(300));
    assertThat(shown("大雨", "東京で大雨が降った", null).title()).containsExactly("東京で<em>大雨</em>が降った");
  }

  private static Highlights shown(String words, @Nullable String title, @Nullable String text) {
    return new PostHighlighter(words)
        .of(new Content("mastodon", "1", null, null, title, text, null, null, List.of()));
  }
}
