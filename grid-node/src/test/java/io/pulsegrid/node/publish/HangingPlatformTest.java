package io.pulsegrid.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Delivery;
import io.pulsegrid.core.publish.DeliveryState;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A platform, or a server of one, that takes calls and never answers keeps no other waiting. */
class HangingPlatformTest {
  /** Far beyond what a call or a question may take here. */
  private static final String HANGS = ",\"delayMs\":120000";

  private static final int MANY = 20;
  private static final Duration SOON = Duration.ofSeconds(40);

  /** Less than a single call to the platform that hangs takes until it is given up. */
  private static final Duration MEANWHILE = Duration.ofSeconds(10);

  private final EngineFixture fixture = new EngineFixture(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void callsOfOthersGoOut() {
    fixture.start();
    Delivery first = fixture.publish(fixture.channel("t-first"), "warming up");
    await().atMost(SOON).until(() -> published(first));
    fixture.fault("facebook", "delay", MANY, HANGS);
    List<Delivery> hanging = onFacebook("hanging");
    await().atMost(SOON).until(() -> armed(hanging) == slotsOfFacebook());

    List<Delivery> others = new ArrayList<>();
    String channel = fixture.channel("t-others");
    for (int i = 0; i < MANY; i++) {
      others.add(fixture.publish(channel, "other " + i));
    }

    await().atMost(MEANWHILE).until(() -> others.stream().allMatch(this::published));
    assertThat(armed(hanging)).isEqualTo(slotsOfFacebook());
  }

  @Test
  void callsToOtherServersOfThePlatformGoOut() {
    fixture.timeout = Duration.ofMinutes(1);
    fixture.start();
    fixture.fault("delay", fixture.concurrency, HANGS);
    List<Delivery> hanging = onMastodon("localhost");
    await().atMost(SOON).until(() -> armed(hanging) == fixture.concurrency);

    List<Delivery> others = onMastodon("127.0.0.1");

    await().atMost(MEANWHILE).until(() -> others.stream().allMatch(this::published));
    assertThat(armed(hanging)).isEqualTo(fixture.concurrency);
  }

  /** The stand-in, by one of its names. */
  private List<Delivery> onMastodon(String host) {
    String channel =
        fixture.channel(
            "t-" + host, URI.create("http://" + host + ":" + fixture.sim.port() + "/mastodon"));
    return IntStream.range(0, MANY)
        .mapToObj(i -> fixture.publish(channel, "at " + host + " " + i))
        .toList();
  }

  @Test
  void questionsAboutOthersAreAskedAndAnswered() {
    fixture.start();
    Delivery first = fixture.publish(fixture.channel("t-first"), "warming up");
    await().atMost(SOON).until(() -> published(first));
    // Nothing counts against the host but its calls: the questions alone hang.
    fixture.faultAt("facebook", "feed", "delay", 10 * MANY, HANGS);
    fixture.fault("facebook", "create-then-close", MANY, "");
    List<Delivery> hanging = onFacebook("in doubt");
    await().atMost(SOON).until(() -> fixture.story(hanging.getFirst()).contains("ambiguous"));

    fixture.fault("create-then-close", 1, "");
    Delivery other = fixture.publish(fixture.channel("t-other"), "other");

    await().atMost(MEANWHILE).until(() -> published(other));
    assertThat(fixture.story(other)).containsExactly("ambiguous", "probed");
    assertThat(hanging).noneMatch(this::published);
  }

  private List<Delivery> onFacebook(String words) {
    URI baseUrl = URI.create("http://127.0.0.1:" + fixture.sim.port() + "/facebook");
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Channel.Spec spec =
          new Channel.Spec("facebook", "Page " + i, baseUrl, ZoneOffset.UTC, List.of());
      String channel = fixture.channel(spec, Map.of("accessToken", "t-page-" + i));
      deliveries.add(fixture.publish(channel, words + " " + i));
    }
    return deliveries;
  }

  private long slotsOfFacebook() {
    return fixture.engines.getFirst().workers().list().stream()
        .filter(worker -> worker.platform().equals("facebook"))
        .findFirst()
        .orElseThrow()
        .concurrency();
  }

  private long armed(List<Delivery> deliveries) {
    return deliveries.stream().filter(one -> fixture.state(one) == DeliveryState.ARMED).count();
  }

  private boolean published(Delivery delivery) {
    return fixture.state(delivery) == DeliveryState.PUBLISHED;
  }
}
