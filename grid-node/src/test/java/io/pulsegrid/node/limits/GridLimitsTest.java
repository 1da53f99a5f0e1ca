package io.pulsegrid.node.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.access.WorkspaceId;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.Limits;
import io.pulsegrid.core.limit.RateLimit;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Channels;
import io.pulsegrid.core.publish.Publisher.Identity;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.access.ChannelRules;
import io.pulsegrid.node.access.CredentialCipher;
import io.pulsegrid.node.access.CredentialKey;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.store.TestStore;
import io.pulsegrid.node.store.channels.StoredChannels;
import io.pulsegrid.node.store.limits.StoredCustomRules;
import io.pulsegrid.node.store.limits.StoredLimitHistory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridLimitsTest {
  private static final GridFixture GRID = GridFixture.of(1);
  private static final WorkspaceId TEAM = WorkspaceId.DEFAULT;
  private static final WorkspaceId OTHERS = new WorkspaceId("others");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final TestStore store = TestStore.fresh();
  private final AtomicReference<PlatformSettings> rules = new AtomicReference<>(settings());
  private final StoredLimitHistory history = new StoredLimitHistory(store.jdbc());
  private final SettableClock clock = new SettableClock(storeTime());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Limits limits;
  private final GridCustomLimits custom;
  private final LimitRules elsewhere;
  private final GridPermits permits;
  private final String channel;

  GridLimitsTest(@TempDir Path data) {
    SecureRandom random = new SecureRandom();
    CredentialKey key = CredentialKey.readOrCreate(CredentialKey.fileIn(data), random);
    StoredChannels channels =
        new StoredChannels(
            store.jdbc(),
            store.transaction(),
            new ChannelRules(
                List.of(new AnyAccount()),
                _ -> Optional.empty(),
                new Clocks(System::nanoTime, InstantSource.system())),
            new CredentialCipher(key, random),
            store.ids());
    StoredCustomRules stored = new StoredCustomRules(store.jdbc());
    LimitRules rules = new LimitRules(this.rules::get, stored);
    elsewhere = new LimitRules(this.rules::get, stored);
    ScopeCache scopes = ScopeCache.open(GRID.node(0), 1, history);
    PermitNumbers numbers = new PermitNumbers(new Random());
    NearLimits near = new NearLimits(registry, clock);
    permits = new GridPermits(scopes, rules, history, numbers, near);
    GridLimits limits =
        new GridLimits(
            scopes,
            rules,
            history,
            channels,
            new GridLimits.Given(clock, store.ids(), numbers, near));
    this.limits = limits;
    custom = new GridCustomLimits(limits, rules, scopes, history, clock);
    channel =
        channels
            .create(
                TEAM,
                new Channels.Checked(
                    new Channel.Spec(
                        AnyAccount.PLATFORM,
                        "alice",
                        URI.create("http://127.0.0.1/"),
                        ZoneId.of("UTC"),
                        List.of()),
                    new Channel.Credentials(Map.of()),
                    new Identity.None()),
                false)
            .id();
  }

  @BeforeEach
  void forgetTheGrid() {
    GRID.node(0).cache(ScopeCache.CHANNELS).clear();
    GRID.node(0).cache(ScopeCache.APPS).clear();
    // Not noted just now: another node would be taken to be about to begin what is not there.
    store.jdbc().sql("UPDATE limit_scope SET begun_at = begun_at - interval '1 minute'").update();
  }

  @AfterAll
  static void stop() {
    GRID.close();
  }

  @Test
  void everyWindowOfAChannelIsTold() {
    Instant now = clock.instant();
    granted(2);

    assertThat(limits.of(TEAM, channel))
        .extracting(RateLimit::scope, RateLimit::action, RateLimit::limit, RateLimit::used)
        .containsExactly(
            tuple("channel:" + channel, "like", 3, 0),
            tuple("channel:" + channel, "publish", 2, 2),
            tuple("channel:" + channel, "publish", 9, 2),
            tuple("app:" + AnyAccount.PLATFORM, "publish", 50, 2));
    RateLimit full = publishingAnHour();
    assertThat(full.allowedAt()).isAfter(now.plus(HOUR));
    assertThat(full.blockedUntil()).isNull();
  }

  @Test
  void anActionTakenOutsideCounts() {
    limits.record(TEAM, channel, "publish");

    assertThat(publishingAnHour().used()).isEqualTo(1);
    // ... and is known again when the grid has lost it.
    forgetTheGrid();
    assertThat(publishingAnHour().allowedAt()).isAfter(clock.instant().plus(Permits.TO_ARM));
    clock.advance(ScopeCache.CLOSED_FOR);
    assertThat(publishingAnHour().used()).isEqualTo(1);
    clock.advance(HOUR.plusSeconds(1));
    assertThat(publishingAnHour().used()).isZero();
  }

  @Test
  void anActionTakenOutsideCountsNotAgainstWhatAllWorkspacesShare() {
    limits.record(TEAM, channel, "publish");

    assertThat(sharedAnHour().used()).isZero();
    forgetTheGrid();
    assertThat(sharedAnHour().used()).isZero();
  }

  @Test
  void whatThePlatformSaidLastsNoLongerThanItsWindowIsToldAndCanBeLifted() {
    Instant now = clock.instant();
    Permits.Permit permit = granted(1).getFirst();
    Allowance told = new Allowance(300, 0, Instant.parse("+1000000-01-01T00:00:00Z"));
    permits.ended(List.of(new Permits.Ended(permit, Permits.Use.UNKNOWN, now, told)));

    RateLimit frozen = publishingAnHour();
    assertThat(frozen.blockedUntil()).isBetween(now.plus(DAY), now.plus(DAY).plusSeconds(1));
    assertThat(frozen.reason()).isEqualTo("the platform says that nothing is left");
    assertThat(frozen.allowedAt()).isEqualTo(frozen.blockedUntil());

    limits.unblock(TEAM, "channel:" + channel);
    assertThat(publishingAnHour().blockedUntil()).isNull();
    assertThat(publishingAnHour().allowedAt()).isEqualTo(now);
  }

  @Test
  void anUnknownActionNamesItsField() {
    assertThatThrownBy(() -> limits.record(TEAM, channel, "shout"))
        .satisfies(e -> assertThat(fields(e)).containsExactly("action"));
  }

  @Test
  void aBlockIsToldOutlivesTheGridAndCanBeLifted() {
    Instant until = clock.instant().plusSeconds(600);
    permits.throttled("channel:" + channel, until, "429");
    forgetTheGrid();

    assertThat(publishingAnHour().reason()).isEqualTo("429");
    assertThat(publishingAnHour().blockedUntil()).isAfterOrEqualTo(until);

    limits.unblock(TEAM, "channel:" + channel);
    assertThat(publishingAnHour().blockedUntil()).isNull();
    forgetTheGrid();
    assertThat(publishingAnHour().blockedUntil()).isNull();
  }

  @Test
  void aPlatformWithoutWindowsShowsItsBlocks() {
    rules.set(new PlatformSettings(Map.of()));
    assertThat(limits.of(TEAM, channel))
        .singleElement()
        .satisfies(
            free -> {
              assertThat(free.scope()).isEqualTo("channel:" + channel);
              assertThat(free.window()).isNull();
              assertThat(free.limit()).isNull();
              assertThat(free.allowedAt()).isEqualTo(clock.instant());
            });
    Instant until = clock.instant().plusSeconds(90).truncatedTo(ChronoUnit.MILLIS);

    permits.throttled("channel:" + channel, until, "429");
    permits.throttled("app:" + AnyAccount.PLATFORM, until, "quota");

    assertThat(limits.of(TEAM, channel))
        .extracting(RateLimit::scope, RateLimit::reason, RateLimit::blockedUntil)
        .containsExactly(
            tuple("channel:" + channel, "429", until),
            tuple("app:" + AnyAccount.PLATFORM, "quota", until));
    limits.unblock(TEAM, "app:" + AnyAccount.PLATFORM);
    assertThat(limits.of(TEAM, channel)).hasSize(1);
  }

  @Test
  void anotherWorkspaceSeesAndLiftsNothing() {
    assertThatThrownBy(() -> limits.of(OTHERS, channel)).satisfies(GridLimitsTest::isNotFound);
    for (String scope : List.of("channel:" + channel, "app:" + AnyAccount.PLATFORM, "x:y", "z")) {
      assertThatThrownBy(() -> limits.unblock(OTHERS, scope)).satisfies(GridLimitsTest::isNotFound);
    }
    assertThatThrownBy(() -> limits.record(OTHERS, channel, "like"))
        .satisfies(GridLimitsTest::isNotFound);
  }

  @Test
  void aLimitThatAPersonSetsHoldsInPlaceOfTheSettingsUntilItIsTakenBack() {
    custom.set(TEAM, "channel:" + channel, "publish", 3_600, 1);
    custom.set(TEAM, "channel:" + channel, "comment", 60, 4);

    assertThat(custom.of(TEAM, "channel:" + channel))
        .extracting(RateLimit::action, RateLimit::window, RateLimit::limit, RateLimit::custom)
        .containsExactly(
            tuple("comment", Duration.ofMinutes(1), 4, true),
            tuple("like", HOUR, 3, false),
            tuple("publish", DAY, 9, false),
            tuple("publish", HOUR, 1, true));
    // A scope opens when it was first seen; permits are asked for a little before their time.
    clock.advance(GridPermits.CLOCK_MARGIN);
    assertThat(granted(2)).hasSize(1);
    assertThat(publishingAnHour().allowedAt()).isAfter(clock.instant());

    custom.remove(TEAM, "channel:" + channel, "publish", HOUR);
    assertThat(publishingAnHour().limit()).isEqualTo(2);
    assertThat(granted(2)).hasSize(1);
    custom.remove(TEAM, "channel:" + channel, null, null);
    assertThat(custom.of(TEAM, "channel:" + channel)).noneMatch(RateLimit::custom);
  }

  @Test
  void everyNodeHearsOfWhatPeopleChangeOfLimits() {
    AtomicInteger told = new AtomicInteger();
    elsewhere.onChange(told::incrementAndGet);
    elsewhere.look();
    told.set(0);
    LimitScope scope = new LimitScope.OfChannel(channel);

    custom.set(TEAM, scope.name(), "publish", 7, 1);
    elsewhere.look();
    assertThat(elsewhere.of(scope, AnyAccount.PLATFORM, "publish"))
        .contains(new WindowRule(1, Duration.ofSeconds(7)));
    assertThat(told).hasValue(1);
    elsewhere.look();
    assertThat(told).hasValue(1);

    limits.unblock(TEAM, scope.name());
    elsewhere.look();
    assertThat(told).hasValue(2);
  }

  @Test
  void aLimitThatMakesNoSenseIsRefusedByItsFieldAndChangesNothing() {
    String scope = "channel:" + channel;
    List<RateLimit> before = custom.of(TEAM, scope);

    assertThatThrownBy(() -> custom.set(TEAM, scope, "shout", 0, 0))
        .satisfies(e -> assertThat(fields(e)).containsExactly("action", "windowSeconds", "limit"));
    assertThatThrownBy(() -> custom.set(TEAM, scope, "publish", 2_678_401, 1_000_001))
        .satisfies(e -> assertThat(fields(e)).containsExactly("windowSeconds", "limit"));
    assertThatThrownBy(() -> custom.remove(TEAM, scope, "shout", Duration.ZERO))
        .satisfies(e -> assertThat(fields(e)).containsExactly("action", "windowSeconds"));
    assertThatThrownBy(() -> custom.block(TEAM, scope, clock.instant(), "why not"))
        .satisfies(e -> assertThat(fields(e)).containsExactly("blockedUntil"));
    assertThatThrownBy(() -> custom.block(TEAM, scope, clock.instant().plusSeconds(9), " "))
        .satisfies(e -> assertThat(fields(e)).containsExactly("reason"));
    assertThat(custom.of(TEAM, scope)).isEqualTo(before);

    for (int i = 1; i <= 10; i++) {
      custom.set(TEAM, scope, "follow", i, 1);
    }
    custom.set(TEAM, scope, "follow", 10, 2);
    assertThatThrownBy(() -> custom.set(TEAM, scope, "follow", 11, 1))
        .hasMessageContaining("10 windows");
    for (String unknown : List.of("channel:nobody", "app:nothing", "x:y")) {
      assertThatThrownBy(() -> custom.set(TEAM, unknown, "publish", 60, 1))
          .satisfies(GridLimitsTest::isNotFound);
    }
    assertThatThrownBy(() -> custom.set(OTHERS, "app:" + AnyAccount.PLATFORM, "publish", 60, 1))
        .satisfies(GridLimitsTest::isNotFound);
  }

  @Test
  void aPersonHoldsAChannelBackWithAReason() {
    Instant until = clock.instant().plusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
    custom.block(TEAM, "channel:" + channel, until, "the account is moved");
    forgetTheGrid();

    assertThat(publishingAnHour().blockedUntil()).isEqualTo(until);
    assertThat(publishingAnHour().reason()).isEqualTo("the account is moved");
  }

  @Test
  void anActionTakenOutsideMayBringALimitNear() {
    for (int i = 0; i < 3; i++) {
      limits.record(TEAM, channel, "like");
    }
    assertThat(registry.get("pulsegrid.limits.near").tag("action", "like").gauge().value())
        .isEqualTo(1);
  }

  private List<Permits.Permit> granted(int wanted) {
    Instant now = clock.instant();
    Permits.Wanted one =
        new Permits.Wanted(channel, AnyAccount.PLATFORM, wanted, now.plusSeconds(60));
    return permits.grantAll(List.of(one), List.of(), now).getFirst().permits();
  }

  private RateLimit publishingAnHour() {
    return limits.of(TEAM, channel).stream()
        .filter(limit -> limit.action().equals("publish") && HOUR.equals(limit.window()))
        .filter(limit -> limit.scope().startsWith("channel:"))
        .findFirst()
        .orElseThrow();
  }

  private RateLimit sharedAnHour() {
    return limits.of(TEAM, channel).stream()
        .filter(limit -> limit.scope().startsWith("app:"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> fields(Throwable e) {
    return ((PulsegridException) e).errors().stream().map(FieldError::field).toList();
  }

  private static void isNotFound(Throwable e) {
    assertThat(((PulsegridException) e).code()).isEqualTo(FailureCode.NOT_FOUND);
  }

  private static PlatformSettings settings() {
    return new PlatformSettings(
        Map.of(
            AnyAccount.PLATFORM,
            new PlatformSettings.Platform(
                Map.of(
                    "publish",
                    List.of(new WindowRule(2, HOUR), new WindowRule(9, DAY)),
                    "like",
                    List.of(new WindowRule(3, HOUR))),
                Map.of("publish", List.of(new WindowRule(50, HOUR))),
                4,
                Duration.ofSeconds(30))));
  }

  private Instant storeTime() {
    return store.jdbc().sql("SELECT now()").query(OffsetDateTime.class).single().toInstant();
  }
}
