package io.pulsegrid.node.publish;

import static io.pulsegrid.node.publish.LedgerFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two posts of one channel, of which the first was created and the second was not when their node
 * died, and neither was told: the one must not be taken for the other.
 */
class AlikePostsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final EngineFixture fixture = new EngineFixture(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void imagesThatNothingTellsApartWaitForAPerson() {
    Map<String, String> secrets = Map.of("accessToken", "t-cats", "userId", "17841400");
    Channel.Spec spec = spec("instagram", "@cats");
    String channel = fixture.channel(spec, secrets);
    Delivery first = fixture.publish(channel, "https://images.example/a.jpg");
    Delivery second = fixture.publish(channel, "https://images.example/b.jpg");
    fixture.armByTheDead(List.of(first, second));
    String there = create(spec, secrets, "https://images.example/a.jpg");

    fixture.start();
    await().atMost(SOON).until(() -> probes(first) > 1 && probes(second) > 1);
    assertThat(fixture.state(first)).isEqualTo(DeliveryState.UNCONFIRMED);
    assertThat(fixture.state(second)).isEqualTo(DeliveryState.UNCONFIRMED);

    // Without its id, as a person may say it: what is there is still not the other's.
    fixture.publishing().confirm(WORKSPACE, first.id(), true, null);
    long before = probes(second);
    await().atMost(SOON).until(() -> probes(second) > before + 1);
    assertThat(fixture.state(second)).isEqualTo(DeliveryState.UNCONFIRMED);
    fixture.publishing().confirm(WORKSPACE, second.id(), false, null);

    awaitPublished(second);
    assertThat(fixture.arrived()).hasSize(2);
    assertThat(fixture.base.now(second).result().remoteId()).isNotEqualTo(there);
  }

  @Test
  void anImageAloneIsFound() {
    Map<String, String> secrets = Map.of("accessToken", "t-dogs", "userId", "17841400");
    Channel.Spec spec = spec("instagram", "@dogs");
    Delivery alone =
        fixture.publish(fixture.channel(spec, secrets), "https://images.example/a.jpg");
    fixture.armByTheDead(List.of(alone));
    String there = create(spec, secrets, "https://images.example/a.jpg");

    fixture.start();
    awaitPublished(alone);

    assertThat(fixture.base.now(alone).result().remoteId()).isEqualTo(there);
    assertThat(fixture.arrived()).hasSize(1);
  }

  @Test
  void submissionsOfOneTitleEndAsTheyAre() {
    Map<String, String> secrets = Map.of("accessToken", "t-news");
    Channel.Spec spec = spec("reddit", "r/news");
    String channel = fixture.channel(spec, secrets);
    Delivery first = fixture.publish(channel, "The news\nof the morning");
    Delivery second = fixture.publish(channel, "The news\nof the evening");
    fixture.armByTheDead(List.of(first, second));
    String there = create(spec, secrets, "The news\nof the morning");

    fixture.start();
    awaitPublished(first);
    awaitPublished(second);

    assertThat(fixture.base.now(first).result().remoteId()).isEqualTo(there);
    assertThat(fixture.arrived())
        .extracting(item -> item.path("text").asString())
        .containsExactly("The news\nof the morning", "The news\nof the evening");
  }

  /** As a call that created it and died before it was told. */
  private String create(Channel.Spec spec, Map<String, String> secrets, String text) {
    Publisher.Call call =
        new Publisher.Call(
            spec,
            new Channel.Credentials(secrets),
            text,
            fixture.base.ids.next(),
            Deadline.after(
                Duration.ofSeconds(10), new Clocks(System::nanoTime, InstantSource.system())),
            null);
    Publisher publisher = fixture.connectors.of(spec.platform());
    return ((Outcome.Accepted) publisher.publish(call).outcome()).remoteId();
  }

  private Channel.Spec spec(String platform, String handle) {
    URI baseUrl = URI.create("http://127.0.0.1:" + fixture.sim.port() + "/" + platform);
    return new Channel.Spec(platform, handle, baseUrl, ZoneOffset.UTC, List.of());
  }

  private long probes(Delivery delivery) {
    return fixture.story(delivery).stream().filter("probed"::equals).count();
  }

  private void awaitPublished(Delivery delivery) {
    fixture.awaitState(delivery, DeliveryState.PUBLISHED, SOON);
  }
}
