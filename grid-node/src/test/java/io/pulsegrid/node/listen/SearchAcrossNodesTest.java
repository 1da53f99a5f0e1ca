package io.pulsegrid.node.listen;

import static io.pulsegrid.node.listen.ListeningFixture.WORKSPACE;
import static io.pulsegrid.node.listen.ListeningFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchAnswer.ValueCount;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.search.SearchQuery.Mode;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.store.TestPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchAcrossNodesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String[] WORDS =
      ("harbour storm river bridge vote match goal phone chip model price court strike fire rain"
              + " school train film song launch rocket market bank leak patch farm wheat coast")
          .split(" ");
  private static final int POSTS = 500;

  @TempDir Path directory;

  private final WordEmbedder embedder = new WordEmbedder(128);

  @Test
  void threeNodesFindAndCountWhatOneNodeDoes() throws SQLException {
    try (ListeningFixture one = grid(1);
        ListeningFixture three = grid(3)) {
      for (ListeningFixture grid : List.of(one, three)) {
        grid.first().intake().take(WORKSPACE, mixed(POSTS));
        grid.settle();
        awaitTrendsCounted(grid);
      }
      SplittableRandom random = new SplittableRandom(3);
      int found = 0;
      int same = 0;
      for (int i = 0; i < 40; i++) {
        String words = sentence(random, 2);
        SearchAnswer text = ask(one, words, Mode.TEXT);
        assertThat(ask(three, words, Mode.TEXT).hits())
            .as("%s, by words, scores and all", words)
            .extracting(hit -> hit.post().id() + " " + (float) hit.score())
            .isEqualTo(
                text.hits().stream()
                    .map(hit -> hit.post().id() + " " + (float) hit.score())
                    .toList());
        assertThat(ask(three, words, Mode.TEXT).total()).isEqualTo(text.total());
        assertThat(ask(three, words, Mode.TEXT).facets()).isEqualTo(text.facets());
        for (Mode mode : List.of(Mode.HYBRID, Mode.VECTOR)) {
          List<PostId> expected = ids(ask(one, words, mode));
          List<PostId> ids = ids(ask(three, words, mode));
          found += expected.size();
          same += (int) expected.stream().filter(ids::contains).count();
        }
      }
      assertThat(found).isGreaterThan(700);
      assertThat((double) same / found).isGreaterThanOrEqualTo(.99);
    }
  }

  @Test
  void aFacetTellsWhatASearchThatFiltersByItFinds() throws SQLException {
    try (ListeningFixture grid = grid(2)) {
      grid.first().intake().take(WORKSPACE, mixed(POSTS));
      grid.settle();
      awaitTrendsCounted(grid);
      Map<Facet, List<ValueCount>> facets = ask(grid, "storm river", Mode.TEXT).facets();
      assertThat(facets).containsOnlyKeys(Facet.values());
      facets.forEach(
          (facet, values) -> {
            assertThat(values).as("%s", facet).isNotEmpty();
            for (ValueCount value : values.subList(0, Math.min(5, values.size()))) {
              SearchQuery filtered =
                  query("storm river", Mode.TEXT, filter(facet, value.value()), 1, null);
              assertThat(grid.nodes.getLast().search().search(filtered).total())
                  .as("%s %s", facet, value)
                  .isEqualTo(value.count());
            }
          });
      assertThat(ask(grid, "storm", Mode.VECTOR).facets().get(Facet.PLATFORM))
          .as("without words all that the filter leaves")
          .isEqualTo(List.of(new ValueCount("test", POSTS)));
    }
  }

  @Test
  void pagesGiveEachPostOnceWhilePostsComeInWhicheverNodeIsAsked() throws SQLException {
    try (ListeningFixture grid = grid(2)) {
      grid.first().intake().take(WORKSPACE, storms("before", 300));
      grid.settle();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> ask(grid, "storm", Mode.TEXT).total() == 300);
      for (Mode mode : List.of(Mode.TEXT, Mode.HYBRID)) {
        List<PostId> seen = new ArrayList<>();
        String cursor = null;
        int page = 0;
        do {
          SearchQuery query = query("storm", mode, everything(), 40, cursor);
          SearchAnswer answer = grid.nodes.get(page % 2).search().search(query);
          if (cursor != null) {
            assertThat(ids(grid.nodes.get((page + 1) % 2).search().search(query)))
                .as("the same page again, of the other node")
                .isEqualTo(ids(answer));
          }
          seen.addAll(ids(answer));
          cursor = answer.next();
          // Some go before those that were found, and each batch is a segment of its own.
          grid.first().intake().take(WORKSPACE, storms(mode + "-" + page++, 30));
          grid.settle();
        } while (cursor != null);
        assertThat(page).isGreaterThan(7);
        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
        Set<PostId> before = new HashSet<>();
        storms("before", 300)
            .forEach(p -> before.add(PostId.of(WORKSPACE, "test", p.content().nativeId())));
        assertThat(seen).containsAll(before);
      }
    }
  }

  @Test
  void aCursorIsGoodForItsSearchOnly() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      grid.first().intake().take(WORKSPACE, storms("p", 5));
      grid.settle();
      await().until(() -> ask(grid, "storm", Mode.TEXT).total() == 5);
      GridSearch search = grid.first().search();
      String next = search.search(query("storm", Mode.TEXT, everything(), 2, null)).next();
      assertThat(next).isNotNull();
      assertThatThrownBy(() -> search.search(query("harbour", Mode.TEXT, everything(), 2, next)))
          .isInstanceOf(PulsegridException.class)
          .hasMessageContaining("cursor: it belongs to another search");
      assertThatThrownBy(() -> search.search(query("storm", Mode.TEXT, everything(), 2, "b2Zm")))
          .hasMessageContaining("cursor: not one that this list gave");
    }
  }

  @Test
  void aFilterThatLeavesNothingIsAnsweredWithoutEmbeddingTheWords() throws SQLException {
    try (ListeningFixture grid = grid(2)) {
      grid.first().intake().take(WORKSPACE, storms("p", 20));
      grid.settle();
      await().until(() -> ask(grid, "storm", Mode.TEXT).total() == 20);
      int embedded = embedder.embedded();
      for (Facet facet : List.of(Facet.PLATFORM, Facet.LANG, Facet.TAG, Facet.AUTHOR)) {
        SearchFilter nothing = filter(facet, "nothing");
        SearchAnswer answer =
            grid.first().search().search(query("storm", Mode.HYBRID, nothing, 9, null));
        assertThat(answer.hits()).isEmpty();
        assertThat(answer.complete()).isTrue();
        assertThat(answer.total()).isZero();
        assertThat(answer.next()).isNull();
        assertThat(answer.facets()).containsEntry(Facet.TAG, List.of());
      }
      assertThat(embedder.embedded()).isEqualTo(embedded);
    }
  }

  @Test
  void showsWhereAHitHasTheWords() throws SQLException {
    try (ListeningFixture grid = grid(1)) {
      grid.first().intake().take(WORKSPACE, List.of(post("1", "Storms & <b>rain</b>", NOON)));
      grid.settle();
      await().until(() -> ask(grid, "storm", Mode.TEXT).total() == 1);
      SearchQuery query =
          new SearchQuery(
              "storm",
              null,
              Mode.HYBRID,
              everything(),
              new SearchQuery.Also(List.of(), true),
              PageRequest.first());
      assertThat(grid.first().search().search(query).hits().getFirst().highlights())
          .isEqualTo(
              new SearchAnswer.Highlights(
                  List.of("<em>Storms</em> &amp; &lt;b&gt;rain&lt;/b&gt;"), List.of()));
    }
  }

  private ListeningFixture grid(int size) throws SQLException {
    return new ListeningFixture(
        size,
        TestPostgres.fresh(),
        directory.resolve("of-" + size),
        embedder,
        InstantSource.system());
  }

  /** Waits until every post is indexed with its trend. */
  private static void awaitTrendsCounted(ListeningFixture grid) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              SearchAnswer answer = ask(grid, "of", Mode.TEXT);
              assertThat(answer.total()).isEqualTo(POSTS);
              SearchQuery untold = query("of", Mode.TEXT, everything(), 500, null);
              Set<TrendId> trends = new HashSet<>();
              for (SearchAnswer.Hit hit : grid.first().search().search(untold).hits()) {
                TrendId trend = hit.post().progress().trendId();
                if (trend != null) {
                  trends.add(trend);
                }
              }
              assertThat(trends).isNotEmpty();
              // By a trend's id or by that of one merged into it the same posts are found.
              Set<PostId> told = new HashSet<>();
              for (TrendId trend : trends) {
                SearchFilter of = filter(Facet.TREND, trend.value());
                told.addAll(
                    ids(grid.first().search().search(query("of", Mode.TEXT, of, POSTS, null))));
              }
              assertThat(told).hasSize(POSTS);
            });
  }

  private static List<IncomingPost> mixed(int count) {
    SplittableRandom random = new SplittableRandom(17);
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String title = sentence(random, 3 + random.nextInt(6)) + " of";
      posts.add(
          new IncomingPost(
              new Content(
                  "test",
                  "m" + i,
                  null,
                  "author " + i % 7,
                  title,
                  i % 3 == 0 ? sentence(random, 12) : null,
                  i % 2 == 0 ? "en-GB" : "en",
                  null,
                  List.of("t" + i % 5, "T" + i % 3)),
              NOON.plusSeconds(i),
              new Engagement(i, 0, 0, 0),
              null));
    }
    return posts;
  }

  private static List<IncomingPost> storms(String name, int count) {
    List<IncomingPost> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String title = "storm ".repeat(1 + i % 3) + name.toLowerCase(Locale.ROOT) + " number " + i;
      posts.add(post(name + "-" + i, title, NOON.plusSeconds(i)));
    }
    return posts;
  }

  private static String sentence(SplittableRandom random, int length) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", words);
  }

  private static SearchAnswer ask(ListeningFixture grid, String words, Mode mode) {
    return grid.nodes.getLast().search().search(query(words, mode, everything(), 10, null));
  }

  private static SearchQuery query(
      String words, Mode mode, SearchFilter filter, int limit, @Nullable String cursor) {
    return new SearchQuery(
        words,
        null,
        mode,
        filter,
        new SearchQuery.Also(List.of(Facet.values()), false),
        new PageRequest(limit, cursor));
  }

  private static SearchFilter everything() {
    return SearchFilter.everythingIn(WORKSPACE);
  }

  private static SearchFilter filter(Facet facet, String value) {
    return new SearchFilter(
        WORKSPACE,
        facet == Facet.PLATFORM ? value : null,
        null,
        null,
        facet == Facet.LANG ? value : null,
        facet == Facet.TAG ? value : null,
        facet == Facet.TREND ? List.of(new TrendId(value)) : List.of(),
        facet == Facet.AUTHOR ? value : null,
        0);
  }

  private static List<PostId> ids(SearchAnswer answer) {
    return answer.hits().stream().map(hit -> hit.post().id()).toList();
  }
}
