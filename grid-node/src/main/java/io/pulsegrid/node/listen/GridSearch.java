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
import io.pulsegrid.node.store.posts.TrendStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.ignite.Ignite;
import org.apache.ignite.cluster.ClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * Search: asks for the best of every partition, and joins the rankings. It reads from whichever
 * copies answer, and waits for no node that does not, so that a node's death is hardly felt.
 */
public final class GridSearch implements Search {
  /** How deep a page may reach; beyond, a filter serves better than paging. */
  private static final int MAX_DEPTH = 10_000;

  private static final int LEAST_CANDIDATES = 100;

  private final Parts parts;
  private final NearCopies copies;
  private final SilentNodes silent;
  private final Timer searches;

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
    searches =
        Timer.builder("pulsegrid.search").publishPercentiles(0.5, 0.95).register(parts.meters());
  }

  @Override
  public SearchAnswer search(SearchQuery query) {
    long start = System.nanoTime();
    int offset = offset(query.page());
    int depth = Math.max(LEAST_CANDIDATES, offset + query.page().limit() + 1);
    PartitionPoll poll =
        new PartitionPoll(parts.ignite(), parts.caches(), silent, question(query, depth));
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
      answer.found().text().forEach(hit -> homes.put(hit.id(), answer.node()));
      answer.found().vector().forEach(hit -> homes.put(hit.id(), answer.node()));
    }
    PostId like = query.like();
    List<Fusion.Ranked> ranked = fusion.ranked(like == null ? null : like.value());
    List<Fusion.Ranked> window =
        ranked.subList(
            Math.min(offset, ranked.size()),
            Math.min(offset + query.page().limit(), ranked.size()));
    homes.keySet().retainAll(window.stream().map(Fusion.Ranked::id).toList());
    NearCopies.Read read = copies.read(query.filter().workspace(), homes);
    List<SearchAnswer.Hit> hits = new ArrayList<>();
    for (Fusion.Ranked candidate : window) {
      Post post = read.posts().get(new PostId(candidate.id()));
      if (post != null) {
        hits.add(new SearchAnswer.Hit(post, candidate.score()));
      }
    }
    int end = offset + query.page().limit();
    @Nullable String next =
        ranked.size() > end && end < MAX_DEPTH ? Cursor.encode("offset", end) : null;
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    searches.record(took);
    boolean complete = poll.unanswered().isEmpty() && read.complete();
    if (!complete) {
      parts.meters().counter("pulsegrid.search.incomplete").increment();
      requireMajority();
    }
    return new SearchAnswer(
        hits, Math.max(fusion.matches(), ranked.size()), took.toMillis(), next, complete);
  }

  /** A node that was cut off lacks what others have: they are asked instead, and answer whole. */
  private void requireMajority() {
    if (!parts.majority().getAsBoolean()) {
      throw PulsegridException.unavailable(
          "this node lacks the majority of the grid and part of its posts; ask another one",
          Duration.ofSeconds(2));
    }
  }

  private SearchJob.Question question(SearchQuery query, int depth) {
    String text = query.text();
    PostId like = query.like();
    if ((text == null || text.isBlank()) && like == null) {
      throw PulsegridException.invalid("q", "give words to look for, or like= a post's id");
    }
    float @Nullable [] vector = null;
    if (like != null) {
      NearCopies.Model model =
          copies
              .model(query.filter().workspace(), like)
              .orElseThrow(() -> PulsegridException.notFound("post", like.value()));
      String wording = model.post().content().wording();
      vector =
          model
              .vector()
              .filter(known -> known.model().equals(parts.embedder().model()))
              .map(known -> known.vector())
              .orElseGet(() -> parts.embedder().embed(List.of(wording)).getFirst());
      text = text == null && query.mode() != Mode.VECTOR ? asWords(wording) : text;
    } else if (query.mode() != Mode.TEXT && text != null) {
      vector = parts.embedder().embed(List.of(text)).getFirst();
    }
    TrendId trend = query.filter().trend();
    List<String> trendIds =
        trend == null
            ? List.of()
            : StoreAway.guard(() -> parts.trends().everyIdOf(trend)).stream()
                .map(TrendId::value)
                .toList();
    return new SearchJob.Question(
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

  private static int offset(PageRequest page) {
    String cursor = page.cursor();
    if (cursor == null) {
      return 0;
    }
    return (int) Cursor.whole(Cursor.decode(cursor, 2).getLast(), MAX_DEPTH);
  }
}
