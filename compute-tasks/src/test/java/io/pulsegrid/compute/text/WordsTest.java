package io.pulsegrid.compute.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void leavesOutFunctionWordsLinksAndPluralEndings() {
    assertThat(Words.of("The Fed's stories: stocks and the banks http://x.example/a", 20))
        .containsExactly("fed", "story", "stock", "bank");
  }

  @Test
  void keepsNumbersApart() {
    assertThat(Words.of("iPhone 5 costs 1,299.50 dollars", 20))
        .containsExactly("iphone", "5", "cost", "1299.50", "dollar");
  }

  @Test
  void readsScriptsWithoutSpacesInPairs() {
    assertThat(Words.of("\u6771\u4eac\u90fd", 20)).containsExactly("\u6771\u4eac", "\u4eac\u90fd");
  }

  @Test
  void stopsAtTheLimit() {
    assertThat(Words.of("one two three four five", 3)).containsExactly("one", "two", "three");
  }

  @Test
  void sentencesEndAtPointsAndLineBreaks() {
    assertThat(Sentences.of("A title\nFirst one. Second one!"))
        .containsExactly("A title", "First one.", "Second one!");
  }

  @Test
  void keywordsAreFrequentHereAndRareElsewhere() {
    Map<String, Integer> posts = Map.of("flood", 9, "alberta", 9, "new", 9, "river", 4);
    Map<String, Double> rarity = Map.of("flood", 3., "alberta", 5., "new", .1, "river", 4.);
    assertThat(Keywords.of(posts, word -> rarity.getOrDefault(word, 0.), 3))
        .isEqualTo(List.of("alberta", "flood", "river"));
  }
}
