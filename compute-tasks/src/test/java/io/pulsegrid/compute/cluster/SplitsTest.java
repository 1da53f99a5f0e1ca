package io.pulsegrid.compute.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.trend.Evidence;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stories that begin as one: by a post that tells of both. */
class SplitsTest {
  private static final Instant START = SyntheticStream.START;
  private static final String COAST = "mastodon";
  private static final String HILLS = "feed";
  private static final String BOTH = "wire";

  private final List<Member> members = new ArrayList<>();
  private final Radar radar = new Radar(ClusterSettings.STANDARD);

  private SyntheticStream stream = new SyntheticStream(0);
  private float[] coast = {};
  private float[] hills = {};

  private void begin(long seed) {
    stream = new SyntheticStream(seed);
    coast = stream.direction();
    hills = stream.direction();
    add("Storm sinks boats in the harbour, snow closes the mountain road", BOTH, between());
  }

  private float[] between() {
    return sum(coast, hills, 1);
  }

  private static float[] sum(float[] one, float[] other, float share) {
    float[] sum = one.clone();
    double length = 0;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += share * other[i];
      length += (double) sum[i] * sum[i];
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= (float) Math.sqrt(length);
    }
    return sum;
  }

  private void add(String wording, String platform, float[] vector) {
    int number = members.size();
    Instant at = START.plusSeconds(60L * number);
    add(new Member(SyntheticStream.id(number), number, at, platform, wording, vector, null, 0));
  }

  private void add(Member member) {
    members.add(member);
    radar.add(member);
  }

  /** So many posts of each, in turn. */
  private void tell(int each) {
    for (int i = 0; i < each; i++) {
      int n = members.size();
      add("Storm: boats sink in the harbour, sails%d crew%d".formatted(n, n), COAST, ofCoast());
      add(
          "Storm: snow closes the mountain road, huts%d plough%d".formatted(n, n),
          HILLS,
          ofHills());
    }
  }

  private float[] ofCoast() {
    return sum(stream.near(coast), coast, .25f);
  }

  private float[] ofHills() {
    return sum(stream.near(hills), hills, .25f);
  }

  private List<TrendId> of(String platform) {
    List<TrendId> trends = radar.trends();
    List<TrendId> found = new ArrayList<>();
    for (int i = 0; i < trends.size(); i++) {
      if (members.get(i).platform().equals(platform)) {
        found.add(trends.get(i));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void twoStoriesThatBeganAsOneArePartedOnceBothAreTold(long seed) {
    begin(seed);
    tell(3);
    assertThat(new HashSet<>(radar.trends())).hasSize(1);
    tell(9);

    assertThat(new HashSet<>(radar.trends())).hasSize(2);
    assertThat(new HashSet<>(of(COAST))).hasSize(1);
    assertThat(new HashSet<>(of(HILLS))).hasSize(1).doesNotContainAnyElementsOf(of(COAST));
  }

  @Test
  void eachTakesAlongWhatItsOwnPostsCountedFor() {
    begin(1);
    tell(12);
    TrendId begun = TrendId.begunBy(members.getFirst().id());
    Trend whole = radar.trend(begun);
    Trend part = radar.trend(other(begun));

    assertThat(whole.postCount() + part.postCount()).isEqualTo(members.size());
    for (Trend trend : List.of(whole, part)) {
      List<Member> own = members(trend.id());
      assertThat(trend.postCount()).isEqualTo(own.size());
      assertThat(trend.platforms())
          .isEqualTo(own.stream().collect(groupingBy(Member::platform, counting())));
      assertThat(trend.firstSeen()).isEqualTo(own.getFirst().publishedAt());
      assertThat(trend.lastSeen()).isEqualTo(own.getLast().publishedAt());
      Evidence evidence = Objects.requireNonNull(trend.evidence());
      assertThat(evidence.hourNow() + evidence.hourly().stream().mapToLong(it -> it).sum())
          .isEqualTo(own.size());
      assertThat(trend.history()).extracting(Moment::at).isSorted();
    }
    assertThat(part.wording().keywords()).doesNotContainAnyElementsOf(own(whole));
  }

  /** The words that only the one story has. */
  private static List<String> own(Trend trend) {
    return trend.platforms().containsKey(COAST)
        ? List.of("boats", "harbour")
        : List.of("snow", "mountain");
  }

  @Test
  void bothHistoriesTellOfIt() {
    begin(1);
    tell(12);
    TrendId begun = TrendId.begunBy(members.getFirst().id());
    TrendId part = other(begun);

    Moment left =
        radar.trend(begun).history().stream()
            .filter(Moment.SplitInto.class::isInstance)
            .findFirst()
            .orElseThrow();
    assertThat(left).isEqualTo(new Moment.SplitInto(part, left.at()));
    assertThat(radar.trend(part).history())
        .contains(new Moment.SplitFrom(begun, left.at()))
        .first()
        .isInstanceOf(Moment.Entered.class);
    assertThat(members).extracting(Member::id).doesNotContain(new PostId(part.value()));
  }

  @Test
  void theyStayApartAndLaterPostsJoinEither() {
    begin(2);
    tell(60);

    assertThat(new HashSet<>(radar.trends())).hasSize(2);
    assertThat(new HashSet<>(of(COAST))).hasSize(1);
    assertThat(radar.store().values())
        .allSatisfy(
            it -> {
              assertThat(it.aliases()).isEmpty();
              assertThat(it.trend().history()).noneMatch(Moment.Merged.class::isInstance);
            });
  }

  @Test
  void copiesGoWithTheirOriginals() {
    begin(1);
    tell(3);
    int copied = members.size() - 1;
    for (int i = 0; i < 100; i++) {
      int number = members.size();
      add(
          new Member(
              SyntheticStream.id(number),
              number,
              START.plusSeconds(3600 + i),
              HILLS,
              "RT",
              null,
              members.get(copied).id(),
              0));
    }
    tell(9);

    List<TrendId> trends = radar.trends();
    TrendId begun = TrendId.begunBy(members.getFirst().id());
    TrendId part = other(begun);
    TrendId original = trends.get(copied);
    assertThat(trends.subList(copied + 1, copied + 101).stream().filter(original::equals).count())
        .as("the larger part stays whole; of what leaves, the latest 64 are known one by one")
        .isEqualTo(original.equals(part) ? 64 : 100);
    assertThat(radar.trend(part).postCount()).isEqualTo(members(part).size());
    assertThat(radar.trend(begun).postCount()).isEqualTo(members(begun).size());
  }

  @Test
  void aStoryThatHoldsTogetherIsNotParted() {
    begin(3);
    for (int i = 0; i < 300; i++) {
      add("Storm: boats sink in the harbour, crew" + i, COAST, ofCoast());
    }
    assertThat(new HashSet<>(radar.trends())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aReplayFromAnyCheckpointPartsThemAlike(long seed) {
    begin(seed);
    tell(20);
    TrendId begun = TrendId.begunBy(members.getFirst().id());
    TrendId part = other(begun);
    for (int stop = 1; stop < members.size(); stop++) {
      Radar again = new Radar(ClusterSettings.STANDARD);
      for (int i = 0; i < members.size(); i++) {
        if (i == stop) {
          again.restart();
        }
        again.add(members.get(i));
      }
      assertThat(again.placed).isEqualTo(radar.placed);
      assertThat(again.trends()).isEqualTo(radar.trends());
      for (TrendId id : List.of(begun, part)) {
        // Scores and evidence fall from post to post, and stand as they were last told.
        assertThat(again.trend(id))
            .usingRecursiveComparison()
            .ignoringFields("score", "evidence")
            .isEqualTo(radar.trend(id));
      }
    }
  }

  @Test
  void whatMovedIsToldUntilItsRowsSaySo() {
    begin(1);
    TrendClusterer clusterer = new Radar(ClusterSettings.STANDARD).clusterer;
    tell(12);
    members.forEach(clusterer::add);
    List<Move> moves = clusterer.moves();
    assertThat(moves).extracting(Move::to).hasSizeGreaterThanOrEqualTo(4).containsOnly(part());
    assertThat(moves).allMatch(it -> members.get((int) it.sequence()).id().equals(it.post()));

    // As a writer's death between its checkpoint and the posts' rows leaves it.
    TrendClusterer successor = new Radar(ClusterSettings.STANDARD).clusterer;
    clusterer.drainTouched().forEach(successor::restore);
    assertThat(successor.moves()).containsExactlyInAnyOrderElementsOf(moves);
    successor.moved();
    assertThat(successor.moves()).isEmpty();
    TrendClusterer last = new Radar(ClusterSettings.STANDARD).clusterer;
    successor.drainTouched().forEach(last::restore);
    assertThat(last.moves()).isEmpty();
  }

  private TrendId part() {
    return other(TrendId.begunBy(members.getFirst().id()));
  }

  @Test
  void aStateOfTheSecondVersionIsPartedByThePostsSince() {
    begin(1);
    tell(3);
    int before = members.size();
    Snapshot stored = radar.drain().getFirst();
    byte[] second = stored.state().clone();
    // What the third has is written behind all that the second had.
    second[0] = 2;
    TrendClusterer later = new Radar(ClusterSettings.STANDARD).clusterer;
    later.restore(new Snapshot(stored.trend(), second, stored.aliases()));
    tell(20);
    members.subList(before, members.size()).forEach(later::add);

    assertThat(later.active()).isEqualTo(2);
    assertThat(later.moves()).isNotEmpty().allMatch(it -> it.sequence() >= before);
    assertThat(later.drainTouched().stream().mapToLong(it -> it.trend().postCount()).sum())
        .isEqualTo(members.size());
  }

  private TrendId other(TrendId one) {
    return radar.trends().stream().filter(it -> !it.equals(one)).findFirst().orElseThrow();
  }

  private List<Member> members(TrendId trend) {
    List<TrendId> trends = radar.trends();
    List<Member> found = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      if (trends.get(i).equals(trend)) {
        found.add(members.get(i));
      }
    }
    return found;
  }
}
