package io.pulsegrid.node.listen;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Cursor;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.Search;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchQuery;
import io.pulsegrid.core.search.SearchQuery.Mode;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.node.grid.PostCaches;
import io.pulsegrid.node.grid.wire.VectorWire;
import io.pulsegrid.node.store.posts.TrendStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.lang.IgniteFutureTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Search: asks every node for its own best, and joins the rankings. */
public final class GridSearch implements Search {
  private static final Logger log = LoggerFactory.getLogger(GridSearch.class);

  /** How deep a page may reach; beyond, a filter serves better than paging. */
  private static final int MAX_DEPTH = 10_000;

  private static final int LEAST_CANDIDATES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Ignite ignite;
  private final PostCaches caches;
  private final GridPosts posts;
  private final TrendStore trends;
  private final Embedder embedder;
  private final Timer searches;

  public GridSearch(
      Ignite ignite,
      PostCaches caches,
      GridPosts posts,
      TrendStore trends,
      Embedder embedder,
      MeterRegistry meters) {
    this.ignite = ignite;
    this.caches = caches;
    this.posts = posts;
    this.trends = trends;
    this.embedder = embedder;
    searches = Timer.builder("pulsegrid.search").publishPercentiles(0.5, 0.95).register(meters);
  }

  @Override
  public SearchAnswer search(SearchQuery query) {
    long start = System.nanoTime();
    int offset = offset(query.page());
    int depth = Math.max(LEAST_CANDIDATES, offset + query.page().limit() + 1);
    SearchJob job = job(query, depth);
    Fusion fusion = new Fusion(query.mode());
    long total = 0;
    for (SearchJob.Found found : askAll(job)) {
      fusion.add(found);
      total += found.total();
    }
    PostId like = query.like();
    List<Fusion.Ranked> ranked = fusion.ranked(like == null ? null : like.value());
    List<Fusion.Ranked> window =
        ranked.subList(
            Math.min(offset, ranked.size()),
            Math.min(offset + query.page().limit(), ranked.size()));
    Map<PostId, Post> found =
        StoreAway.guard(
            () ->
                posts.findAll(
                    query.filter().workspace(),
                    window.stream().map(r -> new PostId(r.id())).toList()));
    List<SearchAnswer.Hit> hits = new ArrayList<>();
    for (Fusion.Ranked candidate : window) {
      Post post = found.get(new PostId(candidate.id()));
      if (post != null) {
        hits.add(new SearchAnswer.Hit(post, candidate.score()));
      }
    }
    int end = offset + query.page().limit();
    @Nullable String next =
        ranked.size() > end && end < MAX_DEPTH ? Cursor.encode("offset", end) : null;
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    searches.record(took);
    return new SearchAnswer(hits, Math.max(total, ranked.size()), took.toMillis(), next);
  }

  private SearchJob job(SearchQuery query, int depth) {
    String text = query.text();
    PostId like = query.like();
    if ((text == null || text.isBlank()) && like == null) {
      throw PulsegridException.invalid("q", "give words to look for, or like= a post's id");
    }
    float @Nullable [] vector = null;
    if (like != null) {
      Post model =
          posts
              .find(query.filter().workspace(), like)
              .orElseThrow(() -> PulsegridException.notFound("post", like.value()));
      VectorWire known = caches.vectors().get(like.value());
      vector =
          known != null && known.model().equals(embedder.model())
              ? known.vector()
              : embedder.embed(List.of(model.content().wording())).getFirst();
      text =
          text == null && query.mode() != Mode.VECTOR ? asWords(model.content().wording()) : text;
    } else if (query.mode() != Mode.TEXT && text != null) {
      vector = embedder.embed(List.of(text)).getFirst();
    }
    TrendId trend = query.filter().trend();
    List<String> trendIds =
        trend == null
            ? List.of()
            : StoreAway.guard(() -> trends.everyIdOf(trend)).stream().map(TrendId::value).toList();
    return new SearchJob(
        query.mode() == Mode.VECTOR ? null : text,
        query.mode() == Mode.TEXT ? null : vector,
        query.filter(),
        trendIds,
        depth);
  }

  /** A post's own quotes and dashes ask for nothing. */
  private static String asWords(String wording) {
    return wording.replace('"', ' ').replaceAll("(?<=^|\\s)-+", "");
  }

  /** Asks every node at once; one that does not answer is left out, and said so in the log. */
  private List<SearchJob.Found> askAll(SearchJob job) {
    List<IgniteFuture<SearchJob.Found>> asked = new ArrayList<>();
    for (ClusterNode node : ignite.cluster().forServers().nodes()) {
      asked.add(ignite.compute(ignite.cluster().forNode(node)).callAsync(job));
    }
    List<SearchJob.Found> answers = new ArrayList<>();
    @Nullable IgniteException failure = null;
    for (IgniteFuture<SearchJob.Found> future : asked) {
      try {
        answers.add(future.get(PATIENCE.toMillis()));
      } catch (IgniteFutureTimeoutException e) {
        future.cancel();
        log.warn("a node did not answer a search within {} s", PATIENCE.toSeconds());
        failure = e;
      } catch (IgniteException e) {
        log.warn("a node could not search: {}", e.getMessage());
        failure = e;
      }
    }
    if (answers.isEmpty()) {
      throw PulsegridException.unavailable(
          "no node can search just now", Duration.ofSeconds(2), new IllegalStateException(failure));
    }
    return answers;
  }

  private static int offset(PageRequest page) {
    String cursor = page.cursor();
    if (cursor == null) {
      return 0;
    }
    return (int) Cursor.whole(Cursor.decode(cursor, 2).getLast(), MAX_DEPTH);
  }
}
