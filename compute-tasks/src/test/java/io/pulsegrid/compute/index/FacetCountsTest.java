package io.pulsegrid.compute.index;

import static io.pulsegrid.compute.index.IndexFixtures.EVERYTHING;
import static io.pulsegrid.compute.index.IndexFixtures.axis;
import static io.pulsegrid.compute.index.IndexFixtures.fill;
import static io.pulsegrid.compute.index.IndexFixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.compute.index.IndexFixtures.Draft;
import io.pulsegrid.compute.index.PostIndex.Ranked;
import io.pulsegrid.compute.index.PostIndex.Touch;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacetCountsTest {
  private static final TrendId FLOODS = TrendId.begunBy(id("floods"));

  @TempDir Path directory;

  private PostIndex index;

  @BeforeEach
  void open() {
    index = PostIndex.open(directory.resolve("index"), IndexFixtures.SETTINGS);
    fill(
        index,
        new Draft("a").text("storm").platform("feed").lang("en-GB").tags("Rain", "UK").entry(),
        new Draft("b").text("storm wind").author("Ada").lang("en").tags("rain").entry());
    // A segment of its own.
    fill(
        index,
        new Draft("c").text("storm").author("ADA").trend(FLOODS).vector(axis(0, 0)).entry(),
        new Draft("d").text("calm").author("bob").trend(FLOODS).entry(),
        new Draft("e").workspace("other").text("storm").author("eve").entry());
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void countsWhatMatchesByItsValuesWhateverIsListed() {
    Ranked ranked = ask("storm", null, EVERYTHING, _ -> true);
    assertThat(ranked.text()).hasSize(1);
    assertThat(ranked.matches()).isEqualTo(3);
    assertThat(counts(ranked, Facet.PLATFORM)).isEqualTo(Map.of("feed", 1L, "mastodon", 2L));
    assertThat(counts(ranked, Facet.LANG)).isEqualTo(Map.of("en", 2L, "en-gb", 1L));
    assertThat(counts(ranked, Facet.TAG)).isEqualTo(Map.of("rain", 2L, "uk", 1L));
    assertThat(counts(ranked, Facet.AUTHOR)).isEqualTo(Map.of("ada", 2L));
    assertThat(counts(ranked, Facet.TREND)).isEqualTo(Map.of(FacetCounts.trendKey(FLOODS), 1L));
    assertThat(ranked.facets().getLast().examples())
        .isEqualTo(Map.of(FacetCounts.trendKey(FLOODS), id("c")));
  }

  @Test
  void countsAllThatAFilterLeavesWhereNoWordsAreAsked() {
    SearchFilter ada =
        new SearchFilter(EVERYTHING.workspace(), null, null, null, null, null, List.of(), "ada", 0);
    assertThat(counts(ask(null, axis(0, 0), EVERYTHING, _ -> true), Facet.AUTHOR))
        .isEqualTo(Map.of("ada", 2L, "bob", 1L));
    assertThat(counts(ask(null, axis(0, 0), ada, _ -> true), Facet.PLATFORM))
        .isEqualTo(Map.of("mastodon", 2L));
  }

  @Test
  void countsOnlyTheBucketsServedAndNotThePostThatIsLeftOut() {
    int served = id("b").bucket();
    assertThat(counts(ask("storm", null, EVERYTHING, b -> b == served), Facet.AUTHOR))
        .isEqualTo(Map.of("ada", 1L));
    IndexQuery.Detail without = new IndexQuery.Detail(null, List.of(Facet.AUTHOR), id("b"));
    Ranked ranked = index.search(new IndexQuery("storm", null, EVERYTHING, _ -> true, 9, without));
    assertThat(counts(ranked, Facet.AUTHOR)).isEqualTo(Map.of("ada", 1L));
    assertThat(ranked.matches()).isEqualTo(2);
    assertThat(IndexFixtures.ids(ranked.text())).doesNotContain(id("b"));
  }

  @Test
  void followsAPostIntoItsTrendAndOutOfTheIndex() {
    index.touch(List.of(new Touch(id("a"), FLOODS, 0, 8, 2)));
    index.delete(List.of(id("b")));
    index.refresh();
    Ranked ranked = ask("storm", null, EVERYTHING, _ -> true);
    assertThat(counts(ranked, Facet.TREND)).containsValue(2L);
    assertThat(counts(ranked, Facet.TAG)).isEqualTo(Map.of("rain", 1L, "uk", 1L));
  }

  private Ranked ask(
      @Nullable String text, float @Nullable [] vector, SearchFilter filter, IntPredicate served) {
    IndexQuery.Detail all = new IndexQuery.Detail(null, List.of(Facet.values()), (PostId) null);
    return index.search(new IndexQuery(text, vector, filter, served, 1, all));
  }

  private static Map<String, Long> counts(Ranked ranked, Facet facet) {
    return ranked.facets().stream()
        .filter(counts -> counts.facet() == facet)
        .findFirst()
        .orElseThrow()
        .counts();
  }
}
