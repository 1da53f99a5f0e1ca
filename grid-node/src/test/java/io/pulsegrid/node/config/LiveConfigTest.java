package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pulsegrid.core.limit.WindowRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigTest {
  private static final String ONE_PLATFORM =
      """
      platforms:
        mastodon:
          concurrency: 3
          timeout: PT10S
          limits:
            publish:
              - {limit: 5, window: PT1H}
      """;

  @TempDir Path directory;
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void takesThePackagedFilesWhereNoneIsGiven() {
    try (var live = LiveConfig.open(directory, executor)) {
      var mastodon = live.platforms().platform("mastodon").orElseThrow();
      assertThat(mastodon.limits())
          .containsEntry("publish", List.of(new WindowRule(300, Duration.ofHours(3))));
      assertThat(live.sources().kinds()).containsKeys("feed", "hackernews");
    }
  }

  @Test
  void coversEveryPlatformThatPublishes() {
    try (var live = LiveConfig.open(directory, executor)) {
      assertThat(live.platforms().platforms())
          .containsOnlyKeys(
              "mastodon",
              "bluesky",
              "instagram",
              "threads",
              "facebook",
              "x",
              "linkedin",
              "youtube",
              "tiktok",
              "reddit",
              "devto",
              "webhook");
      assertThat(live.platforms().length("bluesky")).hasValue(300);
      assertThat(live.platforms().length("threads")).isEmpty();
      assertThat(live.platforms().platform("instagram").orElseThrow().limits())
          .containsOnlyKeys("publish", "like", "comment", "follow", "message");
      assertThat(live.platforms().platform("x").orElseThrow().appLimits())
          .containsEntry("publish", List.of(new WindowRule(10_000, Duration.ofHours(24))));
    }
  }

  @Test
  void callsNoMoreAtOnceThanWasAgreed() {
    try (var live = LiveConfig.open(directory, executor)) {
      Map.of("facebook", 8, "instagram", 5, "linkedin", 4, "youtube", 4)
          .forEach(
              (name, concurrency) ->
                  assertThat(live.platforms().platform(name).orElseThrow().concurrency())
                      .as(name)
                      .isEqualTo(concurrency));
    }
  }

  @Test
  void takesAChangeAndTellsItOnce() throws IOException {
    write("platforms.yml", ONE_PLATFORM);
    try (var live = LiveConfig.open(directory, executor)) {
      var told = new AtomicInteger();
      live.onChange(told::incrementAndGet);
      assertThat(live.platforms().platforms()).containsOnlyKeys("mastodon");

      write("platforms.yml", ONE_PLATFORM.replace("concurrency: 3", "concurrency: 7"));
      live.poll();
      live.poll();

      assertThat(live.platforms().platform("mastodon").orElseThrow().concurrency()).isEqualTo(7);
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void asDeliveredPlatformsTakeSoManyCallsAtOnce() throws IOException {
    try (var live = LiveConfig.open(Path.of("../config"), executor)) {
      assertThat(
              live.platforms().platforms().entrySet().stream()
                  .filter(
                      it ->
                          Set.of("facebook", "instagram", "linkedin", "youtube")
                              .contains(it.getKey()))
                  .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().concurrency())))
          .isEqualTo(Map.of("facebook", 8, "instagram", 5, "linkedin", 4, "youtube", 4));
    }
  }

  @Test
  void keepsWhatStandsWhenAChangeBreaksARule() throws IOException {
    write("platforms.yml", ONE_PLATFORM);
    try (var live = LiveConfig.open(directory, executor)) {
      write("platforms.yml", ONE_PLATFORM.replace("concurrency: 3", "concurrency: 0"));
      live.poll();
      assertThat(live.platforms().platform("mastodon").orElseThrow().concurrency()).isEqualTo(3);

      write("platforms.yml", ONE_PLATFORM.replace("concurrency: 3", "concurrency: 4"));
      live.poll();
      assertThat(live.platforms().platform("mastodon").orElseThrow().concurrency()).isEqualTo(4);
    }
  }

  @Test
  void keepsWhatStandsWhenTheFileGoesAway() throws IOException {
    write("platforms.yml", ONE_PLATFORM);
    try (var live = LiveConfig.open(directory, executor)) {
      Files.delete(directory.resolve("platforms.yml"));
      live.poll();
      assertThat(live.platforms().platforms()).containsOnlyKeys("mastodon");
    }
  }

  @Test
  void namesFileKeyValueAndRule() throws IOException {
    refuses(
        "concurrency: 3",
        "concurrency: 0",
        "platforms.yml: platforms.mastodon: concurrency must be between 1 and 1000, was 0");
    refuses(
        "concurrency: 3",
        "concurrency: many",
        "platforms.mastodon.concurrency: must be a whole number, was many");
    refuses(
        "timeout: PT10S",
        "timeout: soon",
        "platforms.mastodon.timeout: must be a duration such as 30s, 5m or PT5M, was soon");
    refuses(
        "timeout: PT10S", "timeout: PT0S", "timeout must be between PT0.1S and PT10M, was PT0S");
    refuses("    timeout: PT10S\n", "", "platforms.mastodon.timeout: is missing");
    refuses("timeout: PT10S", "timeout: PT10S\n    length: 0", "length must be at least 1, was 0");
    refuses("publish:", "shout:", "action must be one of");
    refuses(
        "limit: 5",
        "limit: 0",
        "platforms.mastodon.limits.publish[0]: limit must be at least 1, was 0");
    refuses("window: PT1H", "window: PT0S", "window must be positive, was PT0S");
    refuses("concurrency: 3", "concurency: 3", "platforms.mastodon.concurrency: is missing");
    refuses(
        "timeout: PT10S",
        "timeout: PT10S\n    retries: 3",
        "platforms.mastodon.retries: is not a known key");
    refuses("platforms:", "platforms: [", "line ");
    refuses("mastodon:", "Mastodon Social:", "a name must match");
  }

  @Test
  void refusesABadSourceKind() throws IOException {
    String good =
        """
        kinds:
          feed: {every: PT5M, timeout: PT10S, concurrency: 2, priority: 5, max-bytes: 4096,
            follow: P2D, limits: {read: [{limit: 3, window: PT1S}]}}
        """;
    write("sources.yml", good);
    try (var live = LiveConfig.open(directory, executor)) {
      assertThat(live.sources().kind("feed").orElseThrow())
          .isEqualTo(
              new SourceSettings.Kind(
                  Duration.ofMinutes(5),
                  Duration.ofSeconds(10),
                  2,
                  5,
                  4096,
                  Map.of("read", List.of(new WindowRule(3, Duration.ofSeconds(1)))),
                  Duration.ofDays(2)));
    }
    var bad =
        List.of(
            List.of("every: PT5M", "every: PT0S", "every must be at least PT1S, was PT0S"),
            List.of("timeout: PT10S", "timeout: PT1H", "timeout must be between"),
            List.of("concurrency: 2", "concurrency: 0", "concurrency must be between"),
            List.of("priority: 5", "priority: 10", "priority must be between 0 and 9, was 10"),
            List.of("max-bytes: 4096", "max-bytes: 1", "max-bytes must be between"),
            List.of("follow: P2D", "follow: P31D", "follow must be between PT0S and P30D"));
    for (var one : bad) {
      write("sources.yml", good.replace(one.get(0), one.get(1)));
      assertThatThrownBy(() -> LiveConfig.open(directory, executor))
          .isInstanceOf(SettingRefused.class)
          .hasMessageContaining("sources.yml: kinds.feed: " + one.get(2));
    }
  }

  private void refuses(String from, String to, String message) throws IOException {
    write("platforms.yml", ONE_PLATFORM.replace(from, to));
    assertThatThrownBy(() -> LiveConfig.open(directory, executor))
        .isInstanceOf(SettingRefused.class)
        .hasMessageContaining(message);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
