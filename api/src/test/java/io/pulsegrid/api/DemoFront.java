package io.pulsegrid.api;

import io.pulsegrid.api.fake.FakeChannels;
import io.pulsegrid.api.fake.FakePosts;
import io.pulsegrid.api.fake.FakePublishing;
import io.pulsegrid.api.fake.FakeSources;
import io.pulsegrid.api.fake.FakeTrends;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.publish.Attempt;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.source.Schedule;
import io.pulsegrid.core.source.Source;
import io.pulsegrid.core.time.When;
import io.pulsegrid.core.trend.Trend;
import io.pulsegrid.core.trend.TrendState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The front with plausible content, to look at in a browser: sign in with {@code pg_admin}, or with
 * {@code pg_other} to see it empty.
 */
final class DemoFront {
  private static final WorkspaceId HOME = WorkspaceId.DEFAULT;
  private static final Instant NOW = FakePublishing.NOW;

  private DemoFront() {}

  public static void main(String[] args) {
    ConfigurableApplicationContext front = SpringApplication.run(ApiTestApplication.class, args);
    fill(front);
  }

  static void fill(ConfigurableApplicationContext front) {
    trends(front.getBean(FakeTrends.class), front.getBean(FakePosts.class));
    front
        .getBean(FakeSources.class)
        .create(
            HOME,
            new Source.Spec(
                "feed",
                URI.create("https://example.org/feed.xml"),
                new Schedule.Every(Duration.ofMinutes(5)),
                5),
            Source.Credentials.NONE);
    deliveries(front.getBean(FakeChannels.class), front.getBean(FakePublishing.class));
  }

  private static void trends(FakeTrends trends, FakePosts posts) {
    Object[][] told = {
      {"Rust drivers land in the Linux kernel", 48.2, 64L, TrendState.PEAKING},
      {"Central bank holds rates, hints at a cut in spring", 31.7, 41L, TrendState.RISING},
      {"A new open-weights model runs on a phone", 27.9, 38L, TrendState.RISING},
      {"Night trains return to Southern Europe", 14.1, 17L, TrendState.EMERGING},
      {"Show HN: a database in 500 lines", 8.4, 9L, TrendState.EMERGING},
      {"Satellite images show the glacier's retreat over forty years", 5.2, 12L, TrendState.FADING},
      {"Framework laptops get a RISC-V board", 2.3, 4L, TrendState.FADING},
    };
    for (Object[] one : told) {
      String label = (String) one[0];
      Trend trend = Samples.trend(HOME, label, (double) one[1], (long) one[2], (TrendState) one[3]);
      trends.add(trend);
      for (int i = 0; i < Math.min(6, (long) one[2]); i++) {
        posts.add(Samples.post(HOME, label + i, label + (i == 0 ? "" : ", part " + i), trend.id()));
      }
    }
  }

  private static void deliveries(FakeChannels channels, FakePublishing ledger) {
    String main = channel(channels, "@pulse");
    String team = channel(channels, "@team");
    schedule(
        ledger,
        "We are live! The first release is out, with notes on what it guarantees.",
        300,
        main);
    schedule(ledger, "Tomorrow at ten: office hours. Bring your questions.", 5400, main, team);
    schedule(ledger, "Weekly digest: what people talked about, in five links.", 86_400 * 3, main);
    String failed = schedule(ledger, "A very long thought that did not fit", -600, team);
    ledger.move(
        failed,
        DeliveryState.FAILED,
        new Delivery.Result(null, null, "422: Validation failed: Text character limit exceeded"));
    String doubt = schedule(ledger, "Maintenance is over, thank you for waiting.", -2400, main);
    ledger.move(
        doubt,
        DeliveryState.UNCONFIRMED,
        new Delivery.Result(null, null, "The connection broke after the text was sent"));
    ledger.attempted(
        doubt,
        new Attempt(
            1,
            NOW.minusSeconds(2400),
            NOW.minusSeconds(2390),
            "3f6c1f6e",
            2,
            "ambiguous",
            0,
            "connection reset after the body was sent",
            "The platform is asked whether it is there."));
    ledger.attempted(
        doubt,
        new Attempt(
            2,
            NOW.minusSeconds(2380),
            NOW.minusSeconds(2379),
            "3f6c1f6e",
            2,
            "probed",
            503,
            "the platform gave no usable answer",
            "Asked again in 5 minutes; a person may decide before."));
    String missed = schedule(ledger, "Good morning!", -80_000, team);
    ledger.move(
        missed,
        DeliveryState.MISSED,
        new Delivery.Result(
            null, null, "Due while publishing was paused; too late to be worth it"));
  }

  private static String channel(FakeChannels channels, String handle) {
    return channels
        .create(
            HOME,
            new Channels.Checked(
                new Channel.Spec(
                    "mastodon",
                    handle,
                    URI.create("https://mastodon.social"),
                    ZoneId.of("Europe/Paris"),
                    List.of()),
                new Channel.Credentials(Map.of("accessToken", "t-demo")),
                new Identity.None()),
            false)
        .id();
  }

  private static String schedule(
      FakePublishing ledger, String text, long inSeconds, String... channels) {
    return ledger
        .schedule(
            HOME,
            new ScheduledPost.Draft(
                text,
                List.of(channels),
                new When.At(NOW.plusSeconds(inSeconds)),
                Map.of(),
                5,
                Duration.ofHours(24)))
        .deliveries()
        .getFirst()
        .id();
  }
}
