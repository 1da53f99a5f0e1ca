package io.pulsegrid.compute.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.compute.embedding.Embedders;
import io.pulsegrid.compute.embedding.EmbeddingSettings;
import io.pulsegrid.compute.embedding.EmbeddingSettings.BatchListener;
import io.pulsegrid.compute.embedding.EmbeddingSettings.Engine;
import io.pulsegrid.core.search.Embedder;
import io.pulsegrid.core.trend.Trend.Moment;
import io.pulsegrid.core.trend.TrendId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Headlines with the vectors of the real model. */
class SplitsOfHeadlinesTest {
  private static final List<String> EXCHANGE =
      List.of(
          "Bitcoin exchange Mt. Gox files for bankruptcy protection in Tokyo",
          "Mt. Gox collapse: 850,000 bitcoins are missing",
          "Hackers blamed as the largest bitcoin exchange goes offline",
          "Mt. Gox chief apologises to customers for lost bitcoins",
          "What the end of Mt. Gox means for digital currency",
          "Customers of bankrupt bitcoin exchange protest outside its office",
          "Mt. Gox finds 200,000 forgotten bitcoins in an old wallet",
          "Bitcoin price falls after Mt. Gox bankruptcy filing",
          "Regulators look at bitcoin exchanges after Mt. Gox theft",
          "Lawsuit against Mt. Gox: investors want their bitcoins back");

  private static final List<String> TAKEOVER =
      List.of(
          "Facebook buys messaging app WhatsApp for 19 billion dollars",
          "WhatsApp founders join Facebook in record deal",
          "Why Facebook pays billions for the messenger WhatsApp",
          "WhatsApp will stay free of ads, says Zuckerberg after the takeover",
          "Privacy groups ask regulators to stop Facebook's WhatsApp purchase",
          "Users leave WhatsApp for rival messengers after Facebook deal",
          "Telegram gains millions of users since Facebook bought WhatsApp",
          "Facebook shares rise on WhatsApp acquisition",
          "WhatsApp adds voice calls months after its sale to Facebook",
          "European Commission clears Facebook's acquisition of WhatsApp");

  private static final int BEGUN = 4;

  @Test
  void twoStoriesThatWereTakenForOneArePartedByWhatIsToldNext() {
    List<Member> members = members();
    ClusterSettings standard = ClusterSettings.STANDARD;
    ClusterSettings careless =
        new ClusterSettings(
            new ClusterSettings.Likeness(.01, .3),
            new ClusterSettings.Likeness(.01, 0),
            standard.joinOnWordsAt(),
            standard.maxActive(),
            standard.quiet(),
            standard.halfLife());
    TrendClusterer before = new Radar(careless).clusterer;
    members.subList(0, 2 * BEGUN).forEach(before::add);
    assertThat(before.active()).isEqualTo(1);

    Radar radar = new Radar(standard);
    before.drainTouched().forEach(radar.clusterer::restore);
    members.subList(2 * BEGUN, members.size()).forEach(radar::add);

    List<TrendId> trends = radar.trends();
    assertThat(new HashSet<>(trends)).hasSize(2);
    for (int i = 2; i < trends.size(); i++) {
      assertThat(trends.get(i)).isEqualTo(trends.get(i - 2));
    }
    assertThat(radar.store().values())
        .extracting(it -> it.trend().postCount())
        .containsExactly(10L, 10L);
    assertThat(radar.store().values())
        .allMatch(
            it ->
                it.trend().history().stream()
                    .anyMatch(
                        moment ->
                            moment instanceof Moment.SplitInto
                                || moment instanceof Moment.SplitFrom));
  }

  /** In turn, one of each. */
  private static List<Member> members() {
    List<String> headlines = new ArrayList<>();
    for (int i = 0; i < EXCHANGE.size(); i++) {
      headlines.add(EXCHANGE.get(i));
      headlines.add(TAKEOVER.get(i));
    }
    List<Member> members = new ArrayList<>();
    try (Embedder embedder =
        Embedders.open(
            new EmbeddingSettings(
                Engine.ONNX,
                null,
                "cpu",
                2,
                256,
                512,
                Path.of("target/embedding-cache"),
                BatchListener.NONE))) {
      List<float[]> vectors = embedder.embed(headlines);
      for (int i = 0; i < headlines.size(); i++) {
        members.add(
            new Member(
                SyntheticStream.id(i),
                i,
                SyntheticStream.START.plusSeconds(600L * i),
                "feed",
                headlines.get(i),
                vectors.get(i),
                null,
                0));
      }
    }
    return members;
  }
}
