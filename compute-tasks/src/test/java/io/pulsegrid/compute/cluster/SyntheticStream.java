package io.pulsegrid.compute.cluster;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Made-up posts about made-up stories, with the trouble of real ones: duplicates, failed vectors,
 * posts out of order, dates far ahead, stories that drift together, noise.
 */
final class SyntheticStream {
  static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
  static final int DIMENSIONS = 128;

  private final Random random;
  private final List<float[]> topics = new ArrayList<>();
  private final List<PostId> originals = new ArrayList<>();

  SyntheticStream(long seed) {
    random = new Random(seed);
  }

  static PostId id(long number) {
    return PostId.of(WorkspaceId.DEFAULT, "test", "post-" + number);
  }

  List<Member> take(int count) {
    for (int i = 0; i < 12; i++) {
      topics.add(direction());
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(next(i));
    }
    return members;
  }

  private Member next(int number) {
    Instant at = START.plus(Duration.ofMinutes(7L * number));
    int kind = random.nextInt(100);
    if (kind < 5) {
      at = at.minus(Duration.ofHours(random.nextInt(24 * 40)));
    } else if (kind == 5) {
      at = at.plus(Duration.ofDays(400));
    }
    PostId id = id(number);
    String platform = random.nextBoolean() ? "mastodon" : "feed";
    if (kind >= 90 && !originals.isEmpty()) {
      PostId original = originals.get(random.nextInt(originals.size()));
      return new Member(id, number, at, platform, "a copy of it", null, original, 0);
    }
    originals.add(id);
    boolean noise = kind < 40;
    int topic = random.nextInt(topics.size());
    float @Nullable [] vector =
        kind % 11 == 0 ? null : noise ? direction() : near(topics.get(topic));
    String wording = noise ? words("noise", 4000, 6) : words("topic" + topic + "x", 15, 6);
    return new Member(id, number, at, platform, wording, vector, null, random.nextInt(500));
  }

  private String words(String stem, int vocabulary, int count) {
    StringBuilder wording = new StringBuilder();
    for (int i = 0; i < count; i++) {
      wording.append(stem).append(random.nextInt(vocabulary)).append(' ');
    }
    return wording.append("common").append(random.nextInt(5)).toString();
  }

  float[] direction() {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return unit(vector);
  }

  /** A vector at a cosine of about .6 from the topic. */
  float[] near(float[] topic) {
    float[] noise = direction();
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = topic[i] + 1.3f * noise[i];
    }
    return unit(vector);
  }

  private static float[] unit(float[] vector) {
    double length = 0;
    for (float component : vector) {
      length += (double) component * component;
    }
    float scale = (float) (1 / Math.sqrt(length));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
    return vector;
  }
}
