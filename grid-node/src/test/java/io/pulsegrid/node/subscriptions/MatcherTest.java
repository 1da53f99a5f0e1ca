package io.pulsegrid.node.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.post.PostId;
import io.pulsegrid.core.telling.Subscription;
import io.pulsegrid.core.telling.Subscription.Wanted;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendId;
import io.pulsegrid.core.trend.TrendState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Matcher matcher = new Matcher(new EmergingTrends.Topics());

  @ParameterizedTest
  @CsvSource({
    "vaccine, true",
    "VACCINES, true",
    "measles vaccine, true",
    "the vaccine, true",
    "rust vaccine, false",
    "rust, false",
    // Words that say little, or are but a letter, are no wildcards.
    "WHO, true",
    "IT, false",
    "X, false",
    "R, false",
    "not, false",
    "who says, true"
  })
  void aKeywordIsLookedForAsItIs(String keyword, boolean found) {
    assertThat(matches(keyword)).isEqualTo(found);
  }

  @Test
  void aTrendNamedByALetterIsFoundByIt() {
    assertThat(
            matcher.of(
                List.of(subscription("X")), List.of(trend("X is down for hours", "Outage at X."))))
        .hasSize(1);
  }

  private boolean matches(String keyword) {
    Trend trend = trend("WHO says measles vaccines work", "The agency looked at one in a million.");
    return !matcher.of(List.of(subscription(keyword)), List.of(trend)).isEmpty();
  }

  private static Subscription subscription(String keyword) {
    return new Subscription(
        "s1",
        WorkspaceId.DEFAULT,
        new Subscription.Spec(new Wanted(keyword, null, null, 0), null),
        null,
        NOW);
  }

  private static Trend trend(String label, String summary) {
    return new Trend(
        TrendId.begunBy(PostId.of(WorkspaceId.DEFAULT, "hackernews", "1")),
        WorkspaceId.DEFAULT,
        new Trend.Wording(label, List.of("measles"), summary),
        TrendState.EMERGING,
        2,
        2,
        Map.of("hackernews", 2L),
        NOW,
        NOW,
        List.of(new Trend.Moment.Entered(TrendState.EMERGING, NOW)));
  }
}
