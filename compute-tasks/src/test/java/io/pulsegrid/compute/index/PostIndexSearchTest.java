package io.pulsegrid.compute.index;

import static io.pulsegrid.compute.index.IndexFixtures.EVERYTHING;
import static io.pulsegrid.compute.index.IndexFixtures.NOON;
import static io.pulsegrid.compute.index.IndexFixtures.axis;
import static io.pulsegrid.compute.index.IndexFixtures.entry;
import static io.pulsegrid.compute.index.IndexFixtures.fill;
import static io.pulsegrid.compute.index.IndexFixtures.id;
import static io.pulsegrid.compute.index.IndexFixtures.nearest;
import static io.pulsegrid.compute.index.IndexFixtures.words;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pulsegrid.compute.index.IndexFixtures.Draft;
import io.pulsegrid.compute.index.PostIndex.Entry;
import io.pulsegrid.compute.index.PostIndex.Ranked;
import io.pulsegrid.compute.index.PostIndex.Touch;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostIndexSearchTest {
  private static final TrendId FLOODS = TrendId.begunBy(id("floods"));
  private static final TrendId PHONES = TrendId.begunBy(id("phones"));

  @TempDir Path directory;

  private PostIndex index;

  @BeforeEach
  void open() {
    index = PostIndex.open(directory.resolve("index"), IndexFixtures.SETTINGS);
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void findsWordsWhateverTheirCaseAccentsAndEndings() {
    fill(index, entry("a", "Floods closed the CAFÉ's doors"), entry("b", "A new phone"));
    assertThat(words(index, "cafe")).containsExactly(id("a"));
    assertThat(words(index, "Flooding flood")).containsExactly(id("a"));
    assertThat(words(index, "ｐｈｏｎｅｓ")).containsExactly(id("b"));
  }

  @Test
  void findsWordsOfLanguagesWithoutSpaces() {
    fill(index, entry("a", "東京で大雨が降った"), entry("b", "新しい電話"));
    assertThat(words(index, "大雨")).containsExactly(id("a"));
  }

  @Test
  void ranksATitleAboveAText() {
    Entry text = new Draft("text").title("Weather").text("a storm is near").entry();
    Entry title = new Draft("title").title("storm is near").text("the weather").entry();
    fill(index, text, title);
    assertThat(words(index, "storm")).containsExactly(id("title"), id("text"));
  }

  @Test
  void wantsHalfOfTheWords() {
    fill(index, entry("a", "river town rain"), entry("b", "river phone"), entry("c", "phone"));
    assertThat(words(index, "river town rain wind")).containsExactly(id("a"));
    assertThat(words(index, "river phone")).containsExactly(id("b"), id("c"), id("a"));
  }

  @Test
  void takesQuotedWordsTogetherAndLeavesOutWhatIsExcluded() {
    fill(
        index,
        entry("a", "state of the art phone"),
        entry("b", "the art of the state"),
        entry("c", "state of the art camera"));
    assertThat(words(index, "\"state of the art\"")).containsExactlyInAnyOrder(id("a"), id("c"));
    assertThat(words(index, "\"state of the art\" -camera")).containsExactly(id("a"));
    assertThat(words(index, "art -\"state of the art\"")).containsExactly(id("b"));
  }

  @Test
  void answersAnyText() {
    fill(index, entry("a", "something"));
    for (String odd : List.of("", "  ", "\"", "-", "\"\"", "- -", "*:*", "a AND (", "~^:[]{}")) {
      assertThat(words(index, odd)).as(odd).isEmpty();
    }
    assertThat(words(index, "something " + "else ".repeat(100_000))).containsExactly(id("a"));
    assertThat(words(index, "something " + "-\u6f22 ".repeat(600))).containsExactly(id("a"));
    assertThat(words(index, "something \"" + "x y ".repeat(400) + "\"")).isEmpty();
  }

  @Test
  void findsTagsAsWords() {
    fill(index, new Draft("a").text("look at this").tags("Madrid", "FloodWatch").entry());
    assertThat(words(index, "madrid")).containsExactly(id("a"));
  }

  @Test
  void findsTheNearestVectorsWithTheirCosine() {
    fill(
        index,
        new Draft("same").vector(axis(0, 0)).entry(),
        new Draft("near").vector(axis(0, 0.3)).entry(),
        new Draft("far").vector(axis(5, 0)).entry(),
        entry("without", "no vector"));
    Ranked ranked = index.search(new IndexQuery(null, axis(0, 0), EVERYTHING, _ -> true, 2));
    assertThat(IndexFixtures.ids(ranked.vector())).containsExactly(id("same"), id("near"));
    assertThat(ranked.vector().getFirst().score()).isCloseTo(1, within(1e-5f));
    assertThat(ranked.vector().getLast().score())
        .isCloseTo((float) Math.cos(0.3 * Math.PI / 2), within(1e-5f));
    assertThat(ranked.text()).isEmpty();
  }

  @Test
  void answersWordsAndVectorEachByItself() {
    fill(
        index,
        new Draft("words").text("storm").vector(axis(9, 0)).entry(),
        new Draft("vector").text("wind").vector(axis(0, 0)).entry());
    Ranked ranked = index.search(new IndexQuery("storm", axis(0, 0), EVERYTHING, _ -> true, 1));
    assertThat(IndexFixtures.ids(ranked.text())).containsExactly(id("words"));
    assertThat(IndexFixtures.ids(ranked.vector())).containsExactly(id("vector"));
    assertThat(ranked.matches()).isEqualTo(1);
  }

  @Test
  void countsWhatMatchesBeyondWhatItLists() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      entries.add(entry("p" + i, "storm " + i));
    }
    index.put(entries);
    index.refresh();
    Ranked ranked = index.search(new IndexQuery("storm", null, EVERYTHING, _ -> true, 5));
    assertThat(ranked.text()).hasSize(5);
    assertThat(ranked.matches()).isEqualTo(30);
  }

  @Test
  void comparesNoVectorWhereAFilterLeavesNothing() {
    List<Entry> entries = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      entries.add(new Draft("p" + i).vector(IndexFixtures.random(random)).likes(i % 9).entry());
    }
    index.put(entries);
    index.refresh();
    float[] query = IndexFixtures.random(random);
    assertThat(index.search(new IndexQuery("plain", query, EVERYTHING, _ -> true, 9)).compared())
        .isPositive();
    List<SearchFilter> nothing =
        List.of(
            SearchFilter.everythingIn(new WorkspaceId("other")),
            filter("nowhere", null, null, null, null, null, null, 0),
            filter(null, NOON.plusSeconds(1), null, null, null, null, null, 0),
            filter(null, null, null, "xx", null, null, null, 0),
            filter(null, null, null, null, "untagged", null, null, 0),
            filter(null, null, null, null, null, FLOODS, null, 0),
            filter(null, null, null, null, null, null, "nobody", 0),
            filter(null, null, null, null, null, null, null, 9));
    for (SearchFilter filter : nothing) {
      assertThat(index.leavesAny(filter)).as("%s", filter).isFalse();
      Ranked ranked = index.search(new IndexQuery("plain", query, filter, _ -> true, 9));
      assertThat(ranked.compared()).as("%s", filter).isZero();
      assertThat(ranked.vector()).isEmpty();
      assertThat(ranked.matches()).isZero();
    }
    assertThat(index.leavesAny(filter("mastodon", null, null, null, null, null, null, 8))).isTrue();
    index.delete(entries.stream().map(entry -> entry.post().id()).toList());
    index.put(List.of(new Draft("elsewhere").platform("feed").entry()));
    index.refresh();
    assertThat(index.leavesAny(filter("mastodon", null, null, null, null, null, null, 0)))
        .as("only deleted ones")
        .isFalse();
  }

  @Test
  void givesEqualPostsInTheOrderOfTheirIds() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      entries.add(new Draft("p" + i).text("storm").vector(axis(0, 0)).entry());
    }
    for (Entry entry : entries) {
      index.put(List.of(entry));
      index.refresh();
    }
    List<PostId> inOrder =
        entries.stream()
            .map(entry -> entry.post().id())
            .sorted(Comparator.comparing(PostId::value))
            .limit(7)
            .toList();
    Ranked ranked = index.search(new IndexQuery("storm", axis(0, 0), EVERYTHING, _ -> true, 7));
    assertThat(IndexFixtures.ids(ranked.text())).isEqualTo(inOrder);
    assertThat(IndexFixtures.ids(ranked.vector())).isEqualTo(inOrder);
  }

  @Test
  void keepsWorkspacesApart() {
    fill(
        index,
        new Draft("ours").text("storm").vector(axis(0, 0)).entry(),
        new Draft("theirs").workspace("other").text("storm").vector(axis(0, 0)).entry());
    SearchFilter other = SearchFilter.everythingIn(new WorkspaceId("other"));
    SearchFilter third = SearchFilter.everythingIn(new WorkspaceId("third"));
    assertThat(words(index, "storm")).containsExactly(id("ours"));
    assertThat(words(index, "storm", other)).containsExactly(id("theirs"));
    assertThat(nearest(index, axis(0, 0), other, 5)).containsExactly(id("theirs"));
    assertThat(nearest(index, axis(0, 0), third, 5)).isEmpty();
  }

  @Test
  void filtersInsideBothSearches() {
    Entry wanted =
        new Draft("wanted")
            .platform("hackernews")
            .author("Dmmalam")
            .lang("en-GB")
            .tags("Brexit")
            .publishedAt(NOON)
            .likes(10)
            .trend(FLOODS)
            .text("storm")
            .vector(axis(0, 0.5))
            .entry();
    Entry other =
        new Draft("other")
            .platform("mastodon")
            .author("someone")
            .lang("de")
            .tags("rain")
            .publishedAt(NOON.minusSeconds(60))
            .likes(9)
            .trend(PHONES)
            .text("storm")
            .vector(axis(0, 0))
            .entry();
    fill(index, wanted, other);
    List<SearchFilter> filters =
        List.of(
            filter("hackernews", null, null, null, null, null, null, 0),
            filter(null, NOON, null, null, null, null, null, 0),
            filter(null, null, null, "en", null, null, null, 0),
            filter(null, null, null, "en-gb", null, null, null, 0),
            filter(null, null, null, null, "brexit", null, null, 0),
            filter(null, null, null, null, null, FLOODS, null, 0),
            filter(null, null, null, null, null, null, "dmmalam", 0),
            filter(null, null, null, null, null, null, null, 10),
            filter("hackernews", NOON, NOON.plusSeconds(1), "en", "Brexit", FLOODS, "Dmmalam", 10));
    for (SearchFilter filter : filters) {
      assertThat(words(index, "storm", filter)).as("%s", filter).containsExactly(id("wanted"));
      assertThat(nearest(index, axis(0, 0), filter, 1))
          .as("%s", filter)
          .containsExactly(id("wanted"));
    }
    SearchFilter before = filter(null, null, NOON, null, null, null, null, 0);
    assertThat(words(index, "storm", before)).containsExactly(id("other"));
    SearchFilter never = filter(null, null, Instant.MIN, null, null, null, null, 0);
    assertThat(words(index, "storm", never)).isEmpty();
    SearchFilter always = filter(null, Instant.MIN, Instant.MAX, null, null, null, null, 0);
    assertThat(words(index, "storm", always)).hasSize(2);
  }

  @Test
  void findsWhatIsInAnyOfManyTrends() {
    fill(
        index,
        new Draft("a").trend(FLOODS).text("storm").vector(axis(0, 0)).entry(),
        new Draft("b").trend(PHONES).text("storm").vector(axis(0, 0)).entry(),
        new Draft("none").text("storm").vector(axis(0, 0)).entry());
    List<TrendId> many = new ArrayList<>(List.of(FLOODS, PHONES));
    IntStream.range(0, 5_000).forEach(i -> many.add(TrendId.begunBy(id("merged" + i))));
    SearchFilter any =
        new SearchFilter(WorkspaceId.DEFAULT, null, null, null, null, null, many, null, 0);
    assertThat(words(index, "storm", any)).containsExactlyInAnyOrder(id("a"), id("b"));
    assertThat(nearest(index, axis(0, 0), any, 3)).containsExactlyInAnyOrder(id("a"), id("b"));
  }

  @Test
  void answersForTheBucketsServedOnly() {
    fill(
        index,
        new Draft("a").text("storm").vector(axis(0, 0)).entry(),
        new Draft("b").text("storm").vector(axis(0, 0)).entry());
    int served = id("a").bucket();
    assertThat(served).isNotEqualTo(id("b").bucket());
    Ranked ranked =
        index.search(new IndexQuery("storm", axis(0, 0), EVERYTHING, b -> b == served, 5));
    assertThat(IndexFixtures.ids(ranked.text())).containsExactly(id("a"));
    assertThat(IndexFixtures.ids(ranked.vector())).containsExactly(id("a"));
    assertThat(
            index.search(new IndexQuery("storm", axis(0, 0), EVERYTHING, _ -> false, 5)).matches())
        .isZero();
  }

  @Test
  void followsAPostIntoItsTrend() {
    fill(index, new Draft("a").text("storm").vector(axis(0, 0)).entry());
    index.touch(List.of(new Touch(id("a"), FLOODS, 42, 8, 2), new Touch(id("no"), null, 1, 1, 1)));
    index.refresh();
    SearchFilter inFloods = filter(null, null, null, null, null, FLOODS, null, 0);
    SearchFilter liked = filter(null, null, null, null, null, null, null, 42);
    assertThat(words(index, "storm", inFloods)).containsExactly(id("a"));
    assertThat(nearest(index, axis(0, 0), inFloods, 5)).containsExactly(id("a"));
    assertThat(words(index, "storm", liked)).containsExactly(id("a"));
    index.touch(List.of(new Touch(id("a"), PHONES, 41, 8, 3)));
    index.refresh();
    assertThat(words(index, "storm", inFloods)).isEmpty();
    assertThat(words(index, "storm", liked)).isEmpty();
    index.touch(List.of(new Touch(id("a"), null, 41, 8, 4)));
    index.refresh();
    SearchFilter inPhones = filter(null, null, null, null, null, PHONES, null, 0);
    assertThat(words(index, "storm", inPhones)).isEmpty();
    assertThat(words(index, "storm")).containsExactly(id("a"));
  }

  @Test
  void findsAllThatBruteForceFindsUnderAFilter() {
    SplittableRandom random = new SplittableRandom(11);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      entries.add(
          new Draft("p" + i)
              .platform(i % 20 == 0 ? "rare" : "common")
              .vector(IndexFixtures.random(random))
              .entry());
    }
    index.put(entries);
    index.refresh();
    SearchFilter rare = filter("rare", null, null, null, null, null, null, 0);
    for (int q = 0; q < 20; q++) {
      float[] query = IndexFixtures.random(random);
      List<PostId> exact =
          entries.stream()
              .filter(entry -> entry.post().content().platform().equals("rare"))
              .sorted(
                  Comparator.comparingDouble(entry -> -dot(query, requireNonNull(entry.vector()))))
              .limit(10)
              .map(entry -> entry.post().id())
              .toList();
      assertThat(nearest(index, query, rare, 10)).containsExactlyElementsOf(exact);
    }
  }

  @Test
  void comparesByBytesAndRanksByWholeVectorsBesideWhatWasWrittenBefore() {
    SplittableRandom random = new SplittableRandom(13);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      entries.add(new Draft("p" + i).vector(IndexFixtures.random(random)).entry());
    }
    index.put(entries.subList(0, 2_000));
    index.close();
    index =
        PostIndex.open(
            directory.resolve("index"), IndexFixtures.SETTINGS.with(IndexSettings.Vectors.INT8));
    index.put(entries.subList(2_000, 4_000));
    index.refresh();
    assertThat(index.size()).isEqualTo(4_000);
    int found = 0;
    for (int q = 0; q < 50; q++) {
      float[] query = IndexFixtures.random(random);
      Ranked ranked = index.search(new IndexQuery(null, query, EVERYTHING, _ -> true, 10));
      List<PostId> exact =
          entries.stream()
              .sorted(
                  Comparator.comparingDouble(entry -> -dot(query, requireNonNull(entry.vector()))))
              .limit(10)
              .map(entry -> entry.post().id())
              .toList();
      found += (int) IndexFixtures.ids(ranked.vector()).stream().filter(exact::contains).count();
      Entry best =
          entries.stream()
              .filter(entry -> entry.post().id().equals(ranked.vector().getFirst().id()))
              .findFirst()
              .orElseThrow();
      assertThat((double) ranked.vector().getFirst().score())
          .isCloseTo(dot(query, requireNonNull(best.vector())), within(1e-5));
    }
    assertThat(found).isGreaterThanOrEqualTo(490);
    index.close();
    index = PostIndex.open(directory.resolve("index"), IndexFixtures.SETTINGS);
    assertThat(index.size()).isEqualTo(4_000);
  }

  @Test
  void refusesAVectorOfAnotherLength() {
    Entry wrong = new Draft("a").vector(new float[] {1}).entry();
    assertThatThrownBy(() -> index.put(List.of(entry("b", "fine"), wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a vector must have 16 dimensions");
    index.refresh();
    assertThat(index.size()).isZero();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static SearchFilter filter(
      @Nullable String platform,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable String lang,
      @Nullable String tag,
      @Nullable TrendId trend,
      @Nullable String author,
      long minLikes) {
    return new SearchFilter(
        WorkspaceId.DEFAULT,
        platform,
        since,
        until,
        lang,
        tag,
        trend == null ? List.of() : List.of(trend),
        author,
        minLikes);
  }
}
