package io.pulsegrid.api.fake;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.page.Page;
import io.pulsegrid.core.page.PageRequest;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.EngagementHistory;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.PostImport;
import io.pulsegrid.core.post.Posts;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.search.Facet;
import io.pulsegrid.core.search.Search;
import io.pulsegrid.core.search.SearchAnswer;
import io.pulsegrid.core.search.SearchQuery;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Posts, their import and their search in memory. */
public final class FakePosts implements Posts, PostImport, Search, Embedder, EngagementHistory {
  private final Map<String, List<Reading>> readings = new HashMap<>();
  private final List<Post> posts = new ArrayList<>();
  private volatile PostImport.@Nullable Options lastOptions;
  private volatile @Nullable SearchQuery lastQuery;
  private volatile Posts.@Nullable Query lastList;
  private volatile long lastBytes;
  private volatile boolean away;

  /** What was read of a post, or of a delivery. */
  public synchronized void read(String subject, Reading reading) {
    readings.computeIfAbsent(subject, _ -> new ArrayList<>()).add(reading);
  }

  @Override
  public synchronized List<Reading> ofPost(PostId post) {
    return readings.getOrDefault(post.value(), List.of());
  }

  @Override
  public synchronized List<Reading> ofDelivery(String delivery) {
    return readings.getOrDefault(delivery, List.of());
  }

  public synchronized void add(Post post) {
    posts.add(post);
  }

  /** Makes the store unreachable, or reachable again. */
  public void away(boolean now) {
    away = now;
  }

  public PostImport.@Nullable Options lastOptions() {
    return lastOptions;
  }

  public @Nullable SearchQuery lastQuery() {
    return lastQuery;
  }

  public Posts.@Nullable Query lastList() {
    return lastList;
  }

  public long lastBytes() {
    return lastBytes;
  }

  @Override
  public synchronized Optional<Post> find(WorkspaceId workspace, PostId id) {
    return posts.stream()
        .filter(post -> post.workspace().equals(workspace) && post.id().equals(id))
        .findFirst();
  }

  @Override
  public synchronized Page<Post> list(Query query, PageRequest page) {
    lastList = query;
    return Cut.of(
        posts.stream()
            .filter(post -> post.workspace().equals(query.workspace()))
            .filter(post -> is(query.platform(), post.content().platform()))
            .filter(post -> is(query.trend(), post.progress().trendId()))
            .sorted(Comparator.comparing(Post::publishedAt).reversed())
            .toList(),
        page);
  }

  @Override
  public synchronized Page<Post> copies(Post original, PageRequest page) {
    return Cut.of(copiesOf(original), page);
  }

  @Override
  public synchronized Spread spread(Post original) {
    List<Post> copies = copiesOf(original);
    return new Spread(
        copies.size(),
        copies.stream().map(Post::engagement).reduce(original.engagement(), Engagement::plus));
  }

  private List<Post> copiesOf(Post original) {
    return posts.stream()
        .filter(post -> post.workspace().equals(original.workspace()))
        .filter(post -> original.id().equals(post.progress().duplicateOf()))
        .sorted(Comparator.comparing(Post::publishedAt).reversed())
        .toList();
  }

  @Override
  public Answer read(WorkspaceId workspace, InputStream stream, Options options) {
    lastOptions = options;
    if (away) {
      throw PulsegridException.unavailable("the store is away", Duration.ofSeconds(7));
    }
    try {
      lastBytes = stream.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(
        2,
        1,
        1,
        List.of(new LineError(3, "title", "one of title and text is required")),
        List.of("rank"));
  }

  @Override
  public synchronized SearchAnswer search(SearchQuery query) {
    lastQuery = query;
    String words = query.text() == null ? "" : query.text().toLowerCase(Locale.ROOT);
    List<Post> found =
        posts.stream()
            .filter(post -> post.workspace().equals(query.filter().workspace()))
            .filter(post -> post.content().wording().toLowerCase(Locale.ROOT).contains(words))
            .toList();
    Page<Post> page = Cut.of(found, query.page());
    Map<Facet, List<SearchAnswer.ValueCount>> facets = new EnumMap<>(Facet.class);
    for (Facet facet : query.also().facets()) {
      facets.put(facet, List.of(new SearchAnswer.ValueCount("any", found.size())));
    }
    SearchAnswer.Highlights highlights =
        query.also().highlight()
            ? new SearchAnswer.Highlights(List.of("a <em>" + words + "</em> &amp; b"), List.of())
            : null;
    return new SearchAnswer(
        page.items().stream().map(post -> new SearchAnswer.Hit(post, .5, highlights)).toList(),
        facets,
        found.size(),
        4,
        page.next(),
        true);
  }

  @Override
  public String model() {
    return "fake-384";
  }

  @Override
  public int dimensions() {
    return 2;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    return texts.stream().map(text -> new float[] {.6f, .8f}).toList();
  }

  @Override
  public void close() {}

  private static boolean is(@Nullable Object wanted, @Nullable Object found) {
    return wanted == null || wanted.equals(found);
  }
}
