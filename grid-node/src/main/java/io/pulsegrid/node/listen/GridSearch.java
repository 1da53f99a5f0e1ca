package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pulsegrid.compute.index.IndexQuery;
import io.pulsegrid.compute.index.PostHighlighter;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.Search;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.search.SearchQuery.Mode;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.store.posts.TrendStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * Search: asks for the best of every partition, and joins the rankings. It reads from whichever
 * copies answer, and waits for no node that does not, so that a node's death is hardly felt.
 */
public final class GridSearch implements Search {
  private static final int LEAST_CANDIDATES = 100;

  private final Parts parts;
  private final NearCopies copies;
  private final SilentNodes silent;
  private final SearchPages pages;
  private final Timer searches;
  private final Counter incomplete;
  private final DistributionSummary compared;

  /**
   * What it works with.
   *
   * @param majority whether this node is among the majority of the grid
   */
  public record Parts(
      Ignite ignite,
      PostCaches caches,
      GridPosts posts,
      TrendStore trends,
      Embedder embedder,
      InstantSource clock,
      BooleanSupplier majority,
      MeterRegistry meters) {}

  public GridSearch(Parts parts) {
    this.parts = parts;
    silent = new SilentNodes(parts.clock());
    copies = new NearCopies(parts.ignite(), parts.caches(), parts.posts(), silent);
    pages = new SearchPages(parts.ignite(), KeptOrders.register(parts.ignite(), parts.clock()));
    compared = parts.meters().summary("pulsegrid.search.compared");
    // There from the start: the first one that is counted is a rise that alerts can see.
    incomplete = parts.meters().counter("pulsegrid.search.incomplete");
    searches =
        Timer.builder("pulsegrid.search").publishPercentiles(0.5, 0.95).register(parts.meters());
  }

  /**
   * What a page is cut from.
   *
   * @param homes by id the node that found a post just now
   * @param same whether the order is the one that the page's cursor names
   */
  private record Found(
      SearchOrder order, Map<String, ClusterNode> homes, boolean complete, boolean same) {}

  @Override
  public SearchAnswer search(SearchQuery query) {
    long start = System.nanoTime();
    SearchPages.Place place = SearchPages.Place.of(query.page());
    int offset = place == null ? 0 : place.offset();
    int end = offset + query.page().limit();
    Found found = found(query, place, end);
    SearchOrder order = found.order();
    List<Fusion.Ranked> window = order.window(offset, end);
    NearCopies.Read read = copies.read(query.filter().workspace(), homes(window, found.homes()));
    boolean complete = found.complete() && read.complete();
    if (!complete) {
      incomplete.increment();
      requireMajority();
    }
    String next =
        order.size() > end && end < SearchPages.MOST
            ? pages.next(place, order, found.same(), end)
            : null;
    List<SearchAnswer.Hit> hits = hits(query, window, read);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    searches.record(took);
    return new SearchAnswer(hits, facets(order), order.total(), took.toMillis(), next, complete);
  }

  private Found found(SearchQuery query, SearchPages.@Nullable Place place, int end) {
    if (place == null) {
      // Two more than the page: one may be the post to resemble, and one tells of a next page.
      return ask(query, Math.max(LEAST_CANDIDATES, end + 2), null);
    }
    SearchOrder order = pages.order(place, query);
    if (order.size() > end || !order.more()) {
      return new Found(order, Map.of(), true, true);
    }
    int depth = Math.max(end + 2, Math.min(2 * order.size(), SearchPages.MOST));
    return ask(query, depth, order);
  }

  /** Puts a search to the grid; what it finds goes to the end of {@code before}. */
  private Found ask(SearchQuery query, int depth, @Nullable SearchOrder before) {
    Optional<SearchJob.Question> question = question(query, depth, before == null);
    String asked = SearchPages.question(query);
    List<Facet> facets = query.also().facets();
    FacetSums sums = new FacetSums(facets);
    if (question.isEmpty()) {
      SearchOrder nothing =
          new SearchOrder(
              asked,
              List.of(),
              0,
              false,
              sums.told(query.filter().workspace(), copies, parts.trends()));
      return new Found(
          before == null ? nothing : before.deepened(List.of(), 0, false), Map.of(), true, false);
    }
    PartitionPoll poll = new PartitionPoll(parts.ignite(), parts.caches(), silent, question.get());
    Fusion fusion = new Fusion(query.mode(), depth);
    Map<String, ClusterNode> homes = new HashMap<>();
    List<PartitionPoll.Answer> answers = poll.answers();
    if (answers.isEmpty()) {
      throw PulsegridException.unavailable(
          "no node can search just now",
          Duration.ofSeconds(2),
          new IllegalStateException("no partition was answered"));
    }
    for (PartitionPoll.Answer answer : answers) {
      fusion.add(answer.found());
      sums.add(answer.found(), answer.node());
      answer.found().text().forEach(hit -> homes.put(hit.id(), answer.node()));
      answer.found().vector().forEach(hit -> homes.put(hit.id(), answer.node()));
    }
    compared.record((double) answers.stream().mapToLong(answer -> answer.found().compared()).sum());
    PostId like = query.like();
    List<Fusion.Ranked> ranked = fusion.ranked(like == null ? null : like.value());
    long total = Math.max(fusion.matches(!facets.isEmpty()), ranked.size());
    SearchOrder order =
        before == null
            ? new SearchOrder(
                asked,
                ranked,
                total,
                fusion.isFull(),
                sums.told(query.filter().workspace(), copies, parts.trends()))
            : before.deepened(ranked, total, fusion.isFull());
    return new Found(order, homes, poll.unanswered().isEmpty(), false);
  }

  /** Where to read the posts of a page: where they were found, or else from any copy. */
  private Map<String, ClusterNode> homes(
      List<Fusion.Ranked> window, Map<String, ClusterNode> known) {
    Map<String, ClusterNode> homes = new HashMap<>();
    for (Fusion.Ranked one : window) {
      ClusterNode home = known.get(one.id());
      if (home == null) {
        home =
            parts.caches().affinity().mapKeyToPrimaryAndBackups(one.id()).stream()
                .min(Comparator.comparing(node -> silent.isAvoided(node.id())))
                .orElse(parts.ignite().cluster().localNode());
      }
      homes.put(one.id(), home);
    }
    return homes;
  }

  private static List<SearchAnswer.Hit> hits(
      SearchQuery query, List<Fusion.Ranked> window, NearCopies.Read read) {
    String text = query.text();
    PostHighlighter highlighter =
        query.also().highlight() ? new PostHighlighter(text == null ? "" : text) : null;
    List<SearchAnswer.Hit> hits = new ArrayList<>();
    for (Fusion.Ranked candidate : window) {
      Post post = read.posts().get(new PostId(candidate.id()));
      if (post != null) {
        hits.add(
            new SearchAnswer.Hit(
                post,
                candidate.score(),
                highlighter == null ? null : highlighter.of(post.content())));
      }
    }
    return hits;
  }

  private static Map<Facet, List<SearchAnswer.ValueCount>> facets(SearchOrder order) {
    Map<Facet, List<SearchAnswer.ValueCount>> facets = new EnumMap<>(Facet.class);
    for (FacetTally tally : order.facets()) {
      List<SearchAnswer.ValueCount> values = new ArrayList<>();
      tally.forEach((value, count) -> values.add(new SearchAnswer.ValueCount(value, count)));
      facets.put(tally.facet(), values);
    }
    return facets;
  }

  /** A node that was cut off lacks what others have: they are asked instead, and answer whole. */
  private void requireMajority() {
    if (!parts.majority().getAsBoolean()) {
      throw PulsegridException.unavailable(
          "this node lacks the majority of the grid and part of its posts; ask another one",
          Duration.ofSeconds(2));
    }
  }

  /**
   * What the nodes are asked; empty where no post passes the filter, which they then are not.
   *
   * @param counts whether to count facets: once a search
   */
  private Optional<SearchJob.Question> question(SearchQuery query, int depth, boolean counts) {
    String text = query.text();
    PostId like = query.like();
    if ((text == null || text.isBlank()) && like == null) {
      throw PulsegridException.invalid("q", "give words to look for, or like= a post's id");
    }
    NearCopies.Model model =
        like == null
            ? null
            : copies
                .model(query.filter().workspace(), like)
                .orElseThrow(() -> PulsegridException.notFound("post", like.value()));
    String words = text == null && model != null ? asWords(model.post()) : text;
    words = query.mode() == Mode.VECTOR ? null : words;
    FilterWire filter = new FilterWire(withMerged(query.filter()));
    boolean everything =
        query.filter().equals(SearchFilter.everythingIn(query.filter().workspace()));
    Preparation preparation =
        words == null && everything
            ? null
            : Preparation.begin(parts.ignite(), silent, new PrepareJob(words, filter));
    // Asked before the words are embedded, which is what a search takes longest for.
    if (preparation != null && !everything && preparation.nothingPasses()) {
      return Optional.empty();
    }
    float @Nullable [] vector = query.mode() == Mode.TEXT ? null : vector(text, model);
    IndexQuery.Detail detail =
        new IndexQuery.Detail(
            words == null || preparation == null ? null : preparation.words(copies()),
            counts ? query.also().facets() : List.of(),
            like);
    return Optional.of(new SearchJob.Question(words, vector, filter, detail, depth));
  }

  private float @Nullable [] vector(@Nullable String text, NearCopies.@Nullable Model model) {
    if (model != null) {
      return model
          .vector()
          .filter(known -> known.model().equals(parts.embedder().model()))
          .map(known -> known.vector())
          .orElseGet(() -> embedded(model.post().content().wording()));
    }
    return text == null ? null : embedded(text);
  }

  private float[] embedded(String text) {
    return parts.embedder().embed(List.of(text)).getFirst();
  }

  /** How many nodes have each post just now; every partition has as many. */
  private int copies() {
    return Math.max(1, parts.caches().affinity().mapPartitionToPrimaryAndBackups(0).size());
  }

  /** What was merged into a trend is looked for as well: by every id that it has had. */
  private SearchFilter withMerged(SearchFilter filter) {
    return filter.trends().isEmpty()
        ? filter
        : filter.within(StoreAway.guard(() -> parts.trends().everyIdOf(filter.trends())));
  }

  /** A post's own quotes and dashes ask for nothing. */
  private static String asWords(Post post) {
    return post.content().wording().replace('"', ' ').replaceAll("(?<=^|\\s)-+", "");
  }
}
