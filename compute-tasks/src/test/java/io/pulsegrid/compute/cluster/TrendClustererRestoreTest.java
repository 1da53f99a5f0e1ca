package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pulsegrid.core.trend.TrendId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrendClustererRestoreTest {
  private static final ClusterSettings TIGHT =
      new ClusterSettings(
          ClusterSettings.STANDARD.join(),
          ClusterSettings.STANDARD.merge(),
          ClusterSettings.STANDARD.joinOnWordsAt(),
          150,
          Duration.ofDays(2),
          Duration.ofHours(2));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void decidesAfterARestartAsIfNeverStopped(long seed) {
    List<Member> members = new SyntheticStream(seed).take(1000);
    Radar straight = new Radar(TIGHT);
    Radar stopped = new Radar(TIGHT);
    Random random = new Random(seed);
    for (Member member : members) {
      straight.add(member);
      stopped.add(member);
      if (random.nextInt(150) == 0) {
        stopped.restart();
      }
    }

    assertThat(stopped.placed).isEqualTo(straight.placed);
    assertSameTrends(stopped.store(), straight.store());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void decidesTheSameHoweverOftenItIsDrained(long seed) {
    List<Member> members = new SyntheticStream(seed).take(1000);
    Radar seldom = new Radar(TIGHT);
    Radar often = new Radar(TIGHT);
    for (Member member : members) {
      seldom.add(member);
      often.add(member);
      often.drain();
    }

    assertThat(often.placed).isEqualTo(seldom.placed);
    seldom.drain();
    assertThat(seldom.store().keySet()).isSubsetOf(often.store().keySet());
    seldom
        .store()
        .forEach(
            (id, snapshot) -> {
              if (!snapshot.retired() && snapshot.trend().postCount() > 1) {
                assertThat(often.trend(id).postCount()).isEqualTo(snapshot.trend().postCount());
                assertThat(often.trend(id).history()).isEqualTo(snapshot.trend().history());
              }
            });
  }

  @Test
  void aRestartAfterRetentionGoesOnInTheSameTime() {
    List<Member> members = new SyntheticStream(5).take(600);
    Radar straight = new Radar(TIGHT);
    Radar stopped = new Radar(TIGHT);
    for (int i = 0; i < members.size(); i++) {
      TrendId trend = straight.add(members.get(i));
      stopped.add(members.get(i));
      if (i == 300) {
        straight.drain();
        stopped.drain();
        straight.clusterer.remove(List.of(trend));
        stopped.clusterer.remove(List.of(trend));
        stopped.store().remove(trend);
        stopped.restart();
      }
    }
    assertThat(stopped.placed).isEqualTo(straight.placed);
  }

  @Test
  void refusesAStateThatIsNotOne() {
    Radar radar = new Radar(TIGHT);
    radar.add(new SyntheticStream(1).take(1).getFirst());
    Snapshot good = radar.drain().getFirst();
    TrendClusterer fresh = new Radar(TIGHT).clusterer;

    byte[] otherVersion = good.state().clone();
    otherVersion[0] = 99;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fresh.restore(new Snapshot(good.trend(), otherVersion, List.of())))
        .withMessageContaining("must be of version 1 to 3, was 99");
    byte[] cut = Arrays.copyOf(good.state(), 20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fresh.restore(new Snapshot(good.trend(), cut, List.of())))
        .withMessageContaining("cannot be read");
  }

  /** Before there was a tide, and hours in a pulse. */
  @Test
  void goesOnWithAStateOfTheFirstVersion() throws IOException {
    Radar radar = new Radar(TIGHT);
    radar.add(new SyntheticStream(1).take(1).getFirst());
    Snapshot snapshot = radar.drain().getFirst();
    long time = SyntheticStream.START.toEpochMilli();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeLong(7);
    EventClock clock = new EventClock();
    clock.observe(time);
    clock.write(out);
    for (long figure : new long[] {3, 7, 2}) {
      out.writeLong(figure);
    }
    out.writeInt(2);
    out.writeLong(time);
    out.writeLong(time);
    out.writeUTF("EMERGING");
    out.writeLong(time);
    for (double level : new double[] {2, .1, 2}) {
      out.writeDouble(level);
    }
    Moments.write(List.of(), out);
    // No platforms, members, words, vectors and exemplars.
    out.write(new byte[2 + 1 + 2 + 2 + 1]);
    TrendClusterer fresh = new Radar(TIGHT).clusterer;
    fresh.restore(new Snapshot(snapshot.trend(), bytes.toByteArray(), List.of()));

    assertThat(fresh.active()).isEqualTo(1);
    assertThat(fresh.add(new SyntheticStream(2).take(2).getLast()))
        .isNotEqualTo(snapshot.trend().id());
  }

  private static void assertSameTrends(
      Map<TrendId, Snapshot> actual, Map<TrendId, Snapshot> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (id, snapshot) -> {
          Snapshot other = Objects.requireNonNull(actual.get(id));
          assertThat(other.aliases()).isEqualTo(snapshot.aliases());
          assertThat(other.trend().postCount()).isEqualTo(snapshot.trend().postCount());
          assertThat(other.trend().platforms()).isEqualTo(snapshot.trend().platforms());
          // A single post's decay is not told before it retires.
          if (snapshot.trend().postCount() > 1) {
            assertThat(other.trend().history()).isEqualTo(snapshot.trend().history());
          }
          assertThat(other.trend().lastSeen()).isEqualTo(snapshot.trend().lastSeen());
          assertThat(other.retired()).isEqualTo(snapshot.retired());
        });
  }
}
