package io.pulsegrid.connectors.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.source.EngagementReader;
import io.pulsegrid.core.source.EngagementReader.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds besides where nothing is read but what became of our own posts. */
abstract class FollowedContract extends ConnectorContract {
  private static final String OPERATION = "engagement";

  /** An id as the platform has them, of nothing that is there. */
  abstract String unknownId();

  /** Whether the platform tells how often a post was shared. */
  abstract boolean tellsShares();

  /** Whether it tells a post that is gone from one that the token may not see. */
  abstract boolean tellsWhatIsGone();

  @Test
  final void countsGrowWithTime() {
    String id = published("hello");
    assertThat(counts(id)).isEqualTo(Engagement.NONE);

    laterThere(Duration.ofHours(6));

    Engagement later = counts(id);
    assertThat(later.likes()).isPositive();
    assertThat(later.comments()).isPositive();
    assertThat(later.shares() > 0).isEqualTo(tellsShares());
    assertThat(later.views()).isZero();
  }

  @Test
  final void whatThePlatformKnowsNoLongerKeepsNobodyFromTheOthers() {
    String one = published("one");
    String other = published("two");

    assertThat(read(reader().orElseThrow(), "paris", one, unknownId(), other))
        .isInstanceOfSatisfying(
            Answer.Counted.class,
            counted -> {
              assertThat(counted.counts()).containsOnlyKeys(one, other);
              assertThat(counted.gone())
                  .containsExactlyElementsOf(tellsWhatIsGone() ? List.of(unknownId()) : List.of());
            });
  }

  @Test
  final void waitsAsLongAsThePlatformSays() {
    String id = published("hello");
    fault("429", OPERATION, 600_000);
    Instant now = Instant.now();

    assertThat(read(reader().orElseThrow(), "paris", id))
        .isInstanceOfSatisfying(
            Answer.Held.class,
            held ->
                assertThat(held.until())
                    .isAfterOrEqualTo(leastReset(now))
                    .isBefore(now.plus(Duration.ofHours(26))));
  }

  @Test
  final void saysWhyNothingIsRead() {
    String id = published("hello");
    EngagementReader reader = reader().orElseThrow();

    assertThat(read(reader, "bad", id))
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.detail()).containsPattern("40[01]"));
    fault("500", OPERATION, 0);
    assertThat(read(reader, "paris", id))
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.detail()).contains("500"));
  }

  private String published(String words) {
    return ((Outcome.Accepted) publish("paris", words, "key-" + words)).remoteId();
  }

  private Engagement counts(String id) {
    Answer answer = read(reader().orElseThrow(), "paris", id);
    assertThat(answer).isInstanceOf(Answer.Counted.class);
    return ((Answer.Counted) answer).counts().getOrDefault(id, Engagement.NONE);
  }
}
