package io.pulsegrid.connectors.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulsegrid.connectors.Shared;
import io.pulsegrid.connectors.http.Heard;
import io.pulsegrid.core.limit.Allowance;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Each dialect with the values that its platform documents, or that were recorded from it. */
class DialectsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void mastodonTellsItsResetWithMicroseconds() {
    assertThat(mastodon("300", "299", "2026-03-01T12:00:00.123456Z"))
        .isEqualTo(left(300, 299, Instant.parse("2026-03-01T12:00:00.123456Z")));
    for (Told foreign :
        List.of(
            mastodon("300", "599.0", "2026-03-01T12:00:00Z"),
            mastodon("300", "299", "1767225600"),
            mastodon("300", "-1", "2026-03-01T12:00:00Z"),
            new MastodonLimits().read(heard(200, "{}"), NOW))) {
      assertThat(foreign).isEqualTo(Told.NOTHING);
    }
  }

  @Test
  void mastodonWasRecordedSo() throws IOException {
    Told told = new MastodonLimits().read(recorded("mastodon/timeline-public-0.headers.json"), NOW);
    assertThat(told).isEqualTo(left(300, 286, Instant.parse("2025-07-17T20:05:00.245225Z")));
  }

  @Test
  void mastodonThrottlesUntilItsResetAndWithoutOneSaysNothing() {
    assertThat(
            new MastodonLimits()
                .read(
                    heard(
                        429,
                        "{\"error\":\"Too many requests\"}",
                        "X-RateLimit-Limit",
                        "300",
                        "X-RateLimit-Remaining",
                        "0",
                        "X-RateLimit-Reset",
                        "2026-03-01T15:00:00.000000Z"),
                    NOW)
                .blockedUntil())
        .isEqualTo("2026-03-01T15:00:00Z");
    assertThat(new MastodonLimits().read(heard(429, ""), NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void blueskyCountsPointsByTheHourAndRequestsOtherwise() {
    Instant reset = Instant.ofEpochSecond(1_747_676_784);
    assertThat(bluesky(200, "5000", "4998", "5000;w=3600")).isEqualTo(left(1666, 1666, reset));
    assertThat(bluesky(200, "35000", "2", "35000;w=86400")).isEqualTo(left(11666, 0, reset));
    assertThat(bluesky(200, "3000", "2983", "3000;w=300")).isEqualTo(left(3000, 2983, reset));
    assertThat(bluesky(429, "5000", "0", "5000;w=3600").blockedUntil()).isEqualTo(reset);
    assertThat(new BlueskyLimits().read(heard(429, "{\"error\":\"RateLimitExceeded\"}"), NOW))
        .isEqualTo(Told.NOTHING);
  }

  @Test
  void blueskyWasRecordedSo() throws IOException {
    Told told = new BlueskyLimits().read(recorded("bluesky/search-0.headers.json"), NOW);
    assertThat(told).isEqualTo(left(3000, 2983, Instant.ofEpochSecond(1_747_676_784)));
  }

  @Test
  void redditTellsAFractionAndSecondsFromNow() {
    assertThat(
            new RedditLimits()
                .read(
                    heard(
                        200,
                        "{}",
                        "x-ratelimit-remaining",
                        "599.0",
                        "x-ratelimit-used",
                        "1",
                        "x-ratelimit-reset",
                        "489"),
                    NOW))
        .isEqualTo(leftOfApp(600, 599, NOW.plusSeconds(489)));
  }

  @Test
  void redditSaysNothingFromItsCache() throws IOException {
    assertThat(new RedditLimits().read(recorded("reddit/listing-hot-0.headers.json"), NOW))
        .isEqualTo(Told.NOTHING);
  }

  @Test
  void redditRefusesWithTwoHundredToo() {
    Heard heard =
        heard(
            200,
            """
            {"json":{"errors":[["RATELIMIT",
              "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again.",
              "ratelimit"]]}}
            """);
    assertThat(new RedditLimits().throttles(heard)).isTrue();
    assertThat(new RedditLimits().read(heard, NOW).blockedUntil())
        .isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    Heard other = heard(200, "{\"json\":{\"errors\":[[\"NO_TEXT\",\"we need text\",\"title\"]]}}");
    assertThat(new RedditLimits().throttles(other)).isFalse();
    assertThat(new RedditLimits().read(heard(429, ""), NOW).blockedUntil()).isNull();
    assertThat(
            new RedditLimits().read(heard(429, "", "x-ratelimit-reset", "30"), NOW).blockedUntil())
        .isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void githubRefusesWithTwoStatusesAndItsSecondaryLimitsTakeAMinute() {
    GithubLimits github = new GithubLimits();
    String[] spent = {
      "x-ratelimit-limit", "60", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1772370000"
    };
    assertThat(github.read(heard(403, "{}", spent), NOW).blockedUntil())
        .isEqualTo(Instant.ofEpochSecond(1_772_370_000));
    assertThat(github.read(heard(429, "{}", spent), NOW).blockedUntil())
        .isEqualTo(Instant.ofEpochSecond(1_772_370_000));
    assertThat(github.read(heard(403, "{}", "Retry-After", "90"), NOW).blockedUntil())
        .isEqualTo(NOW.plusSeconds(90));
    assertThat(
            github
                .read(
                    heard(403, "{\"message\":\"You have exceeded a secondary rate limit.\"}"), NOW)
                .blockedUntil())
        .isEqualTo(NOW.plusSeconds(60));
    Heard forbidden = heard(403, "{\"message\":\"Resource not accessible by integration\"}");
    assertThat(github.throttles(forbidden)).isFalse();
    assertThat(github.read(forbidden, NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void foremTellsNothingUntilItRefuses() {
    assertThat(new RetryAfterLimits().read(heard(200, "{}"), NOW)).isEqualTo(Told.NOTHING);
    assertThat(
            new RetryAfterLimits().read(heard(429, "{}", "Retry-After", "30"), NOW).blockedUntil())
        .isEqualTo(NOW.plusSeconds(30));
    assertThat(new RetryAfterLimits().read(heard(429, "{}"), NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void youtubesQuotaIsFullAgainAtMidnightInLosAngeles() {
    Heard spent =
        heard(
            403,
            """
            {"error":{"code":403,"message":"The request cannot be completed",
              "errors":[{"message":"","domain":"youtube.quota","reason":"quotaExceeded"}]}}
            """);
    YoutubeLimits youtube = new YoutubeLimits();
    assertThat(youtube.read(spent, NOW).blockedUntil()).isEqualTo("2026-03-02T08:00:00Z");
    assertThat(youtube.read(spent, NOW).blocksApp()).isTrue();
    // Clocks go forward on the 8th: midnight after it is an hour earlier in UTC.
    assertThat(youtube.read(spent, Instant.parse("2026-03-08T20:00:00Z")).blockedUntil())
        .isEqualTo("2026-03-09T07:00:00Z");
    Heard forbidden = heard(403, "{\"error\":{\"errors\":[{\"reason\":\"forbidden\"}]}}");
    assertThat(youtube.throttles(forbidden)).isFalse();
  }

  @Test
  void xTellsThreeLimitsAndTheTightestCounts() {
    Told told =
        x(
            200,
            List.of("x-rate-limit", "100", "97", "1772367300"),
            List.of("x-app-limit-24hour", "10000", "3", "1772409600"));
    assertThat(told).isEqualTo(leftOfApp(10_000, 3, Instant.ofEpochSecond(1_772_409_600)));
    assertThat(x(429, List.of("x-rate-limit", "100", "0", "1772367300")).blockedUntil())
        .isEqualTo(Instant.ofEpochSecond(1_772_367_300));
    assertThat(new XLimits().read(heard(429, ""), NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void aLimitOfTheAppBlocksTheAppAndOneOfTheAccountTheAccount() {
    Instant reset = Instant.ofEpochSecond(1_772_409_600);
    Told ofUser =
        x(
            429,
            List.of("x-user-limit-24hour", "100", "0", "1772409600"),
            List.of("x-app-limit-24hour", "10000", "70", "1772409600"));
    assertThat(ofUser).isEqualTo(new Told(new Allowance(100, 0, reset), reset, false));
    Told ofApp =
        x(
            429,
            List.of("x-rate-limit", "100", "60", "1772367300"),
            List.of("x-app-limit-24hour", "10000", "0", "1772409600"));
    assertThat(ofApp).isEqualTo(new Told(new Allowance(10_000, 0, reset).shared(), reset, true));

    assertThat(new RedditLimits().read(heard(429, "", "Retry-After", "30"), NOW))
        .isEqualTo(Told.appBlocked(Optional.empty(), Optional.of(NOW.plusSeconds(30))));
    assertThat(
            new RedditLimits()
                .read(heard(200, "{\"json\":{\"errors\":[[\"RATELIMIT\",\"9 minutes\"]]}}"), NOW)
                .blocksApp())
        .isFalse();

    for (String whose : List.of("MEMBER", "APPLICATION_AND_MEMBER", "APPLICATION")) {
      Heard throttled =
          heard(
              429,
              "{\"message\":\"Resource level throttle %s DAY limit for calls is reached.\"}"
                  .formatted(whose));
      assertThat(new LinkedinLimits().read(throttled, NOW).blocksApp())
          .as(whose)
          .isEqualTo(whose.equals("APPLICATION"));
    }
  }

  @Test
  void metasAppUsageIsTheAppsAndTheUseCasesTheAccounts() {
    MetaLimits meta = new MetaLimits();
    String spent = "{\"call_count\":104,\"total_time\":5,\"total_cputime\":5}";
    Instant anHour = NOW.plus(Duration.ofHours(1));

    assertThat(meta.read(heard(200, "{}", "X-App-Usage", spent), NOW))
        .isEqualTo(leftOfApp(100, 0, anHour));
    assertThat(meta.read(heard(400, "{\"error\":{\"code\":4}}"), NOW))
        .isEqualTo(new Told(new Allowance(100, 0, anHour).shared(), anHour, true));
    assertThat(meta.read(heard(400, "{\"error\":{\"code\":32}}"), NOW))
        .isEqualTo(new Told(new Allowance(100, 0, anHour), anHour, false));
  }

  @Test
  void metaTellsSharesAndMinutes() {
    MetaLimits meta = new MetaLimits();
    assertThat(
            meta.read(
                heard(
                    200,
                    "{}",
                    "X-App-Usage",
                    "{\"call_count\":28,\"total_time\":25,\"total_cputime\":25}"),
                NOW))
        .isEqualTo(Told.NOTHING);
    String spent =
        """
        {"17841":[{"type":"pages","call_count":100,"total_cputime":23,"total_time":32,
          "estimated_time_to_regain_access":13}]}
        """;
    assertThat(meta.read(heard(200, "{}", "X-Business-Use-Case-Usage", spent), NOW).allowance())
        .isEqualTo(new Allowance(100, 0, NOW.plus(Duration.ofMinutes(13))));
    for (int code : new int[] {4, 17, 32, 613, 80_001}) {
      Heard refused = heard(400, "{\"error\":{\"code\":%d}}".formatted(code));
      assertThat(meta.read(refused, NOW).blockedUntil()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }
    assertThat(
            meta.read(
                    heard(403, "{\"error\":{\"code\":32}}", "X-Business-Use-Case-Usage", spent),
                    NOW)
                .blockedUntil())
        .isEqualTo(NOW.plus(Duration.ofMinutes(13)));
    assertThat(meta.throttles(heard(400, "{\"error\":{\"code\":100}}"))).isFalse();
    assertThat(meta.read(heard(200, "{}", "X-App-Usage", "half a {"), NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void linkedinsDayBeginsAtMidnightUtc() {
    Heard day =
        heard(
            429,
            "{\"serviceErrorCode\":101,\"status\":429,\"message\":"
                + "\"Resource level throttle limit for calls to this resource is reached.\"}");
    assertThat(new LinkedinLimits().read(day, NOW).blockedUntil())
        .isEqualTo("2026-03-02T00:00:00Z");
    assertThat(new LinkedinLimits().read(heard(429, "{}"), NOW)).isEqualTo(Told.NOTHING);
  }

  @Test
  void whatNoHeaderCanMeanSaysNothing() {
    for (String odd : List.of("", "NaN", "1e999999999", "9".repeat(30), "-5", "0x10")) {
      assertThat(bluesky(200, odd, "1", "5000;w=3600")).as(odd).isEqualTo(Told.NOTHING);
      assertThat(bluesky(200, "5000", odd, "5000;w=3600")).as(odd).isEqualTo(Told.NOTHING);
    }
  }

  private static Told mastodon(String limit, String remaining, String reset) {
    return new MastodonLimits()
        .read(
            heard(
                200,
                "{}",
                "X-RateLimit-Limit",
                limit,
                "X-RateLimit-Remaining",
                remaining,
                "X-RateLimit-Reset",
                reset),
            NOW);
  }

  private static Told bluesky(int status, String limit, String remaining, String policy) {
    return new BlueskyLimits()
        .read(
            heard(
                status,
                "{}",
                "RateLimit-Limit",
                limit,
                "RateLimit-Remaining",
                remaining,
                "RateLimit-Reset",
                "1747676784",
                "RateLimit-Policy",
                policy),
            NOW);
  }

  /** X's answer with some of its limits: the family, the limit, what is left, the reset. */
  @SafeVarargs
  private static Told x(int status, List<String>... limits) {
    List<String> headers = new ArrayList<>();
    for (List<String> limit : limits) {
      String family = limit.getFirst();
      headers.addAll(
          List.of(
              family + "-limit",
              limit.get(1),
              family + "-remaining",
              limit.get(2),
              family + "-reset",
              limit.get(3)));
    }
    return new XLimits().read(heard(status, "", headers.toArray(String[]::new)), NOW);
  }

  private static Told left(int limit, int remaining, Instant reset) {
    return Told.left(Optional.of(new Allowance(limit, remaining, reset)));
  }

  private static Told leftOfApp(int limit, int remaining, Instant reset) {
    return Told.left(Optional.of(new Allowance(limit, remaining, reset).shared()));
  }

  private static Heard recorded(String file) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    JsonMapper.shared()
        .readTree(Shared.bytes("recordings/" + file))
        .properties()
        .forEach(
            header ->
                headers.put(
                    header.getKey(),
                    header.getValue().isArray()
                        ? header.getValue().values().stream().map(it -> it.asString()).toList()
                        : List.of(header.getValue().asString())));
    return new Heard(
        200, HttpHeaders.of(headers, (_, _) -> true), JsonMapper.shared().readTree("{}"));
  }

  private static Heard heard(int status, String body, String... headers) {
    Map<String, List<String>> map = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], List.of(headers[i + 1]));
    }
    return new Heard(
        status, HttpHeaders.of(map, (_, _) -> true), JsonMapper.shared().readTree(body));
  }
}
