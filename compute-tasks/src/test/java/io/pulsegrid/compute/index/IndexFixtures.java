package io.pulsegrid.compute.index;

import io.pulsegrid.compute.index.PostIndex.Entry;
import io.pulsegrid.compute.index.PostIndex.Ranked;
import io.pulsegrid.compute.index.PostIndex.Scored;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.Post;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.post.Stage;
import io.pulsegrid.core.search.SearchFilter;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Posts, vectors and filters as index tests write them. */
final class IndexFixtures {
  static final int DIMENSIONS = 16;
  static final IndexSettings SETTINGS = IndexSettings.of("test-model", DIMENSIONS);
  static final SearchFilter EVERYTHING = SearchFilter.everythingIn(WorkspaceId.DEFAULT);
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private IndexFixtures() {}

  static PostId id(String nativeId) {
    return PostId.of(WorkspaceId.DEFAULT, "mastodon", nativeId);
  }

  static Entry entry(String nativeId, String text) {
    return new Draft(nativeId).text(text).entry();
  }

  /** A vector of unit length that points along one axis, or between it and the next. */
  static float[] axis(int axis, double towardsNext) {
    float[] vector = new float[DIMENSIONS];
    vector[axis] = (float) Math.cos(towardsNext * Math.PI / 2);
    vector[(axis + 1) % DIMENSIONS] = (float) Math.sin(towardsNext * Math.PI / 2);
    return vector;
  }

  static float[] random(SplittableRandom random) {
    float[] vector = new float[DIMENSIONS];
    double squares = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  static void fill(PostIndex index, Entry... entries) {
    index.put(List.of(entries));
    index.refresh();
  }

  static List<PostId> words(PostIndex index, String text) {
    return words(index, text, EVERYTHING);
  }

  static List<PostId> words(PostIndex index, String text, SearchFilter filter) {
    return ids(index.search(new IndexQuery(text, null, filter, _ -> true, 100)).text());
  }

  static List<PostId> nearest(PostIndex index, float[] vector, SearchFilter filter, int depth) {
    Ranked ranked = index.search(new IndexQuery(null, vector, filter, _ -> true, depth));
    return ids(ranked.vector());
  }

  static List<PostId> ids(List<Scored> hits) {
    return hits.stream().map(Scored::id).toList();
  }

  /** A post in the making; what is not said is plain. */
  static final class Draft {
    private final String nativeId;
    private WorkspaceId workspace = WorkspaceId.DEFAULT;
    private String platform = "mastodon";
    private @Nullable String author;
    private @Nullable String title;
    private @Nullable String text;
    private @Nullable String lang;
    private List<String> tags = List.of();
    private Instant publishedAt = NOON;
    private long likes;
    private @Nullable TrendId trend;
    private float @Nullable [] vector;
    private long number = 1;

    Draft(String nativeId) {
      this.nativeId = nativeId;
    }

    Draft workspace(String name) {
      workspace = new WorkspaceId(name);
      return this;
    }

    Draft platform(String name) {
      platform = name;
      return this;
    }

    Draft author(String name) {
      author = name;
      return this;
    }

    Draft title(String words) {
      title = words;
      return this;
    }

    Draft text(String words) {
      text = words;
      return this;
    }

    Draft lang(String tag) {
      lang = tag;
      return this;
    }

    Draft tags(String... names) {
      tags = Arrays.asList(names);
      return this;
    }

    Draft publishedAt(Instant instant) {
      publishedAt = instant;
      return this;
    }

    Draft likes(long count) {
      likes = count;
      return this;
    }

    Draft trend(TrendId id) {
      trend = id;
      return this;
    }

    Draft vector(float[] values) {
      vector = values;
      return this;
    }

    Draft number(long revision) {
      number = revision;
      return this;
    }

    Entry entry() {
      Content content =
          new Content(
              platform,
              nativeId,
              null,
              author,
              title,
              text == null && title == null ? "plain" : text,
              lang,
              null,
              tags);
      Post.Progress progress = new Post.Progress(Stage.EMBEDDED, 0, null, null, trend);
      Post post =
          new Post(
              id(nativeId),
              workspace,
              content,
              new Engagement(likes, 0, 0, 0),
              publishedAt,
              publishedAt,
              progress);
      return new Entry(post, 7, number, vector);
    }
  }
}
