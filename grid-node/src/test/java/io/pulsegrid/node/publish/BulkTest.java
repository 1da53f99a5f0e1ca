package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static io.pulsegrid.node.publish.LedgerFixture.draft;
import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.core.publish.Publishing.Placed;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkTest {
  private static final int MANY = 10_000;

  private final LedgerFixture fixture = new LedgerFixture();

  @Test
  void tenThousandPostsAreWrittenInOneTransaction() {
    String channel = fixture.channel();
    When tomorrow = new When.At(Instant.now().plus(Duration.ofDays(1)));
    List<ScheduledPost.Draft> drafts =
        IntStream.range(0, MANY).mapToObj(i -> draft("post " + i, tomorrow, channel)).toList();

    List<Placed> placed = fixture.publishing.scheduleAll(WORKSPACE, drafts, false);

    assertThat(placed).hasSize(MANY).allMatch(Placed.Scheduled.class::isInstance);
    assertThat(
            fixture.jdbc.queryForObject(
                """
                SELECT count(*) FROM scheduled_post s JOIN delivery d ON d.scheduled_post = s.id
                JOIN outbox o ON o.id = d.last_event
                """,
                Integer.class))
        .isEqualTo(MANY);
    // Each row tells which transaction wrote it.
    assertThat(
            fixture.jdbc.queryForList(
                """
                SELECT xmin::text FROM scheduled_post UNION SELECT xmin::text FROM delivery
                UNION SELECT xmin::text FROM saying UNION SELECT xmin::text FROM outbox
                """,
                String.class))
        .hasSize(1);
  }
}
