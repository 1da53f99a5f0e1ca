package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrendClustererTest {
  private static final Instant START = SyntheticStream.START;

  private final SyntheticStream stream = new SyntheticStream(42);
  private final Radar radar = new Radar(ClusterSettings.STANDARD);
  private long next;

  @Test
  void aPostLikeNoOtherBeginsATrendNamedAfterIt() {
    Member post = post("Volcano erupts in Iceland", stream.direction(), START);

    assertThat(radar.add(post)).isEqualTo(TrendId.begunBy(post.id()));
  }

  @Test
  void alikePostsMakeOneTrend() {
    float[] topic = stream.direction();
    TrendId first = radar.add(post("Volcano erupts in Iceland", topic, START));
    TrendId second =
        radar.add(
            post(
                "Iceland volcano eruption closes airport",
                stream.near(topic),
                START.plusSeconds(60)));
    TrendId other = radar.add(post("Cup final tonight", stream.direction(), START.plusSeconds(90)));

    assertThat(second).isEqualTo(first).isNotEqualTo(other);
    Trend trend = radar.trend(first);
    assertThat(trend.postCount()).isEqualTo(2);
    assertThat(trend.platforms()).isEqualTo(Map.of("mastodon", 2L));
    assertThat(trend.firstSeen()).isEqualTo(START);
    assertThat(trend.lastSeen()).isEqualTo(START.plusSeconds(60));
    assertThat(trend.wording().keywords()).contains("volcano", "iceland");
  }

  @Test
  void aDuplicateIsVolumeForItsOriginal() {
    Member original = post("Volcano erupts in Iceland", stream.direction(), START);
    TrendId trend = radar.add(original);
    TrendId joined = radar.add(duplicate("RT volcano", original.id(), START.plusSeconds(10)));

    assertThat(joined).isEqualTo(trend);
    assertThat(radar.trend(trend).postCount()).isEqualTo(2);
  }

  @Test
  void aFloodOfDuplicatesDoesNotDisplaceTheOriginal() {
    Member original = post("Volcano erupts in Iceland", stream.direction(), START);
    TrendId trend = radar.add(original);
    for (int i = 0; i < 500; i++) {
      assertThat(radar.add(duplicate("RT volcano", original.id(), START.plusSeconds(i))))
          .isEqualTo(trend);
    }
    assertThat(radar.trend(trend).postCount()).isEqualTo(501);
  }

  @Test
  void aDuplicateOfAnUnknownPostStandsOnItsWords() {
    TrendId trend =
        radar.add(post("Volcano erupts in Iceland near Reykjavik", stream.direction(), START));

    assertThat(
            radar.add(
                duplicate(
                    "Volcano erupts in Iceland near Reykjavik", SyntheticStream.id(-1), START)))
        .isEqualTo(trend);
    assertThat(radar.add(duplicate("Something else altogether", SyntheticStream.id(-1), START)))
        .isNotEqualTo(trend);
  }

  @Test
  void aPostWithoutAVectorIsPlacedByItsWords() {
    TrendId trend = radar.add(post("Metro North worker killed by train", null, START));

    assertThat(radar.add(post("Train killed Metro North worker on tracks", null, START)))
        .isEqualTo(trend);
    assertThat(radar.add(post("Transit ridership at its highest", null, START)))
        .isNotEqualTo(trend);
  }

  @Test
  void aPostAddedAgainStaysWhereItIs() {
    Member post = post("Volcano erupts in Iceland", stream.direction(), START);
    TrendId trend = radar.add(post);
    radar.drain();

    assertThat(radar.add(post)).isEqualTo(trend);
    assertThat(radar.drain()).isEmpty();
    assertThat(radar.trend(trend).postCount()).isEqualTo(1);
  }

  @Test
  void latePostsJoinAndMoveTheBeginning() {
    float[] topic = stream.direction();
    TrendId trend = radar.add(post("Volcano erupts in Iceland", topic, START));
    Instant earlier = START.minus(Duration.ofHours(5));

    assertThat(radar.add(post("Volcano erupts", stream.near(topic), earlier))).isEqualTo(trend);
    assertThat(radar.trend(trend).firstSeen()).isEqualTo(earlier);
    assertThat(radar.trend(trend).lastSeen()).isEqualTo(START);
  }

  @Test
  void theSameSubjectMonthsLaterIsAnotherStory() {
    float[] topic = stream.direction();
    TrendId trend = radar.add(post("Volcano erupts in Iceland", topic, START));

    assertThat(radar.add(post("Volcano erupts in Iceland", topic, START.plus(Duration.ofDays(90)))))
        .isNotEqualTo(trend);
  }

  @Test
  void storiesThatGrowTogetherMergeAndLeaveAnAlias() {
    float[] one = stream.direction();
    float[] between = stream.near(one);
    float[] other = stream.near(between);
    for (int i = 0; i < 5; i++) {
      radar.add(post("Mt Gox files for bankruptcy", stream.near(one), START.plusSeconds(i)));
      radar.add(post("Bitcoin exchange hacked", stream.near(other), START.plusSeconds(i)));
    }
    long before = radar.store().size();
    for (int i = 0; i < 30; i++) {
      radar.add(
          post(
              "Bitcoin exchange Mt Gox hacked files for bankruptcy",
              stream.near(between),
              START.plusSeconds(60 + i)));
    }

    assertThat(radar.store().size()).isLessThan((int) before + 1);
    Snapshot largest =
        radar.store().values().stream()
            .reduce((a, b) -> a.trend().postCount() >= b.trend().postCount() ? a : b)
            .orElseThrow();
    assertThat(largest.aliases()).isNotEmpty();
    assertThat(largest.trend().history()).anyMatch(Trend.Moment.Merged.class::isInstance);
    assertThat(largest.trend().postCount()).isGreaterThanOrEqualTo(35);
    largest
        .aliases()
        .forEach(alias -> assertThat(radar.current(alias)).isEqualTo(largest.trend().id()));

    radar.add(post("Mt Gox again", stream.near(between), START.plusSeconds(99)));
    assertThat(radar.drain())
        .as("an alias is told once")
        .isNotEmpty()
        .allMatch(it -> it.aliases().isEmpty());
  }

  @Test
  void theActiveSetIsBounded() {
    Radar small = new Radar(ClusterSettings.STANDARD.withMaxActive(100));
    for (int i = 0; i < 1000; i++) {
      small.add(
          post("word" + i + " thing" + i, stream.direction(), START.plus(Duration.ofHours(i))));
      assertThat(small.clusterer.active()).isLessThanOrEqualTo(100);
    }
    assertThat(small.store().values()).hasSize(1000);
    assertThat(small.store().values().stream().filter(Snapshot::retired)).hasSize(900);
    assertThat(small.store().values())
        .filteredOn(Snapshot::retired)
        .allMatch(s -> s.trend().state() == TrendState.FADING && s.trend().score() == 0);
  }

  @Test
  void aStoryOfLongAgoStaysWhileItIsBeingTold() {
    Radar small = new Radar(ClusterSettings.STANDARD.withMaxActive(100));
    for (int i = 0; i < 200; i++) {
      small.add(post("word" + i + " thing" + i, stream.direction(), START.plusSeconds(i)));
    }
    List<float[]> topics = Stream.generate(stream::direction).limit(20).toList();
    Instant longAgo = START.minus(Duration.ofDays(365));
    List<TrendId> begun = new ArrayList<>();
    for (int i = 0; i < topics.size(); i++) {
      begun.add(small.add(post("old" + i + " tale" + i, topics.get(i), longAgo.plusSeconds(i))));
    }
    for (int i = 0; i < topics.size(); i++) {
      assertThat(small.add(post("old" + i + " tale" + i, topics.get(i), longAgo.plusSeconds(60))))
          .isEqualTo(begun.get(i));
    }
    assertThat(small.clusterer.active()).isEqualTo(100);
  }

  @Test
  void aVectorOfAnotherLengthIsRefusedAndChangesNothing() {
    radar.add(post("Volcano erupts", stream.direction(), START));
    radar.drain();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> radar.add(post("Another", new float[] {1, 0}, START)))
        .withMessage("a vector must have 128 dimensions, was 2");
    assertThat(radar.drain()).isEmpty();
  }

  @Test
  void removedTrendsAreForgotten() {
    float[] topic = stream.direction();
    TrendId trend = radar.add(post("Volcano erupts in Iceland", topic, START));
    radar.drain();
    radar.clusterer.remove(List.of(trend, TrendId.begunBy(SyntheticStream.id(-5))));

    assertThat(radar.clusterer.active()).isZero();
    assertThat(radar.add(post("Volcano erupts in Iceland", topic, START))).isNotEqualTo(trend);
  }

  @Test
  void aBurstRisesAndItsDecayIsToldWithoutAnotherPost() {
    float[] topic = stream.direction();
    TrendId trend = radar.add(post("Volcano erupts in Iceland", topic, START));
    for (int i = 1; i < 20; i++) {
      radar.add(post("Volcano erupts in Iceland", stream.near(topic), START.plusSeconds(60L * i)));
    }
    Trend risen = radar.trend(trend);
    assertThat(risen.state()).isEqualTo(TrendState.RISING);
    assertThat(risen.score()).isGreaterThan(2);
    assertThat(risen.evidence())
        .isNotNull()
        .satisfies(evidence -> assertThat(evidence.hourNow()).isEqualTo(20));

    radar.add(post("Cup final", stream.direction(), START.plus(Duration.ofHours(20))));
    Trend faded = radar.trend(trend);
    assertThat(faded.state()).isEqualTo(TrendState.FADING);
    assertThat(faded.score()).isLessThan(1);
    assertThat(faded.evidence())
        .isNotNull()
        .satisfies(evidence -> assertThat(evidence.hourly()).hasSize(20).startsWith(20L, 0L));
    assertThat(faded.history())
        .extracting(Trend.Moment::at)
        .isSorted()
        .allMatch(at -> !at.isAfter(START.plus(Duration.ofHours(20))));
  }

  @Test
  void theLabelReadsLikeAHeadlineOfOneOfThePosts() {
    float[] topic = stream.direction();
    TrendId trend =
        radar.add(
            post(
                "RT @cnn: Volcano erupts in Iceland http://t.co/x\nAsh rises. It is still going on.",
                topic,
                START));

    assertThat(radar.trend(trend).wording().label()).isEqualTo("Volcano erupts in Iceland");
    assertThat(radar.trend(trend).wording().summary())
        .startsWith("Volcano erupts in Iceland.")
        .contains("Ash rises.");
  }

  @Test
  void aRewordedFirstPostStaysInTheTrendThatBearsItsName() {
    float[] topic = stream.direction();
    Member first = post("Volcano erupts in Iceland", topic, START);
    TrendId trend = radar.add(first);
    tellAgain(trend, topic, 100);
    next++;
    Member reworded =
        new Member(
            first.id(),
            next,
            START.plusSeconds(200),
            "mastodon",
            "Cup final tonight",
            stream.direction(),
            null,
            3);

    assertThat(radar.add(reworded)).isEqualTo(trend);
    assertThat(radar.trend(trend).postCount()).isEqualTo(101);
    assertThat(radar.clusterer.active()).isEqualTo(1);
  }

  @Test
  void aPostThatComesAgainIsCountedOnceThoughItIsLongForgotten() {
    float[] topic = stream.direction();
    TrendId trend = radar.add(post("Volcano erupts in Iceland", topic, START));
    Member second = post("Volcano erupts in Iceland again", stream.near(topic), START);
    radar.add(second);
    Member copy = duplicate("RT volcano", second.id(), START);
    radar.add(copy);
    tellAgain(trend, topic, 100);

    for (int visit = 0; visit < 20; visit++) {
      next++;
      assertThat(radar.clusterer.again(second.id(), next, trend)).isEqualTo(trend);
      assertThat(radar.clusterer.again(copy.id(), next, trend)).isEqualTo(trend);
    }
    assertThat(radar.trend(trend).postCount()).isEqualTo(103);
    assertThat(radar.trend(trend).platforms()).isEqualTo(Map.of("mastodon", 103L));
    TrendId retired = TrendId.begunBy(SyntheticStream.id(-7));
    assertThat(radar.clusterer.again(second.id(), next, retired))
        .as("in a trend that has retired")
        .isEqualTo(retired);
  }

  private void tellAgain(TrendId trend, float[] topic, int posts) {
    for (int i = 1; i <= posts; i++) {
      TrendId joined =
          radar.add(
              post("Volcano erupts in Iceland again", stream.near(topic), START.plusSeconds(i)));
      assertThat(joined).isEqualTo(trend);
    }
  }

  private Member post(String wording, float @Nullable [] vector, Instant at) {
    next++;
    return new Member(SyntheticStream.id(next), next, at, "mastodon", wording, vector, null, 3);
  }

  private Member duplicate(String wording, PostId original, Instant at) {
    next++;
    return new Member(SyntheticStream.id(next), next, at, "mastodon", wording, null, original, 0);
  }
}
