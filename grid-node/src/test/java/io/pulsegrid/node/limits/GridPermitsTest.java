package io.pulsegrid.node.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pulsegrid.core.limit.Allowance;
import io.pulsegrid.core.limit.WindowRule;
import io.pulsegrid.node.SettableClock;
import io.pulsegrid.node.config.PlatformSettings;
import io.pulsegrid.node.grid.GridFixture;
import io.pulsegrid.node.grid.wire.ScopeChange;
import io.pulsegrid.node.limits.Permits.Grant;
import io.pulsegrid.node.limits.Permits.Permit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GridPermitsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final WindowRule FIVE_AN_HOUR = new WindowRule(5, HOUR);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final GridFixture GRID = GridFixture.of(2);

  // Names of their own: the tests share one grid.
  private final String channel = "channel-" + COUNT.incrementAndGet();
  private final String platform = "platform-" + COUNT.get();
  private final RememberedHistory history = new RememberedHistory();
  private final AtomicReference<PlatformSettings> settings =
      new AtomicReference<>(rules(List.of(FIVE_AN_HOUR), List.of()));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SettableClock clock = new SettableClock(NOW);
  private final NearLimits near = new NearLimits(registry, clock);
  private final GridPermits permits = permitsOn(0);
  private final GridPermits elsewhere = permitsOn(1);

  @AfterAll
  static void stop() {
    GRID.close();
  }

  @Test
  void everyNodeSeesWhatTheOtherGranted() {
    assertThat(grant(permits, 3, NOW).permits()).hasSize(3);
    assertThat(grant(elsewhere, 3, NOW).permits()).hasSize(2);
    assertThat(grant(permits, 1, NOW).permits()).isEmpty();
  }

  @Test
  void aSettledPermitComesBackOneWindowLater() {
    Grant grant = grant(permits, 5, NOW);
    grant.permits().forEach(permit -> end(elsewhere, permit, NOW.plusSeconds(2), null));

    Grant refused = grant(permits, 1, NOW.plus(HOUR));
    assertThat(refused.permits()).isEmpty();
    assertThat(refused.notBefore())
        .isEqualTo(NOW.plus(HOUR).plusSeconds(2).plusMillis(1).plus(GridPermits.CLOCK_MARGIN));
    assertThat(grant(permits, 9, refused.notBefore()).permits()).hasSize(5);
  }

  @Test
  void aReleasedPermitIsFreeAtOnce() {
    Grant grant = grant(permits, 5, NOW);
    elsewhere.release(grant.permits().getFirst());

    assertThat(grant(permits, 5, NOW).permits()).hasSize(1);
  }

  @Test
  void anAbandonedPermitCountsUntilOneWindowAfterItsLease() {
    grant(permits, 5, NOW);

    assertThat(grant(permits, 1, NOW.plus(HOUR).plusSeconds(60)).permits()).isEmpty();
    assertThat(grant(permits, 1, NOW.plus(HOUR).plusSeconds(61)).permits()).hasSize(1);
  }

  @Test
  void manyWhoAskAtOnceGetNoMoreThanTheLimit() throws Exception {
    settings.set(rules(List.of(new WindowRule(40, HOUR)), List.of(new WindowRule(1_000, HOUR))));
    history.begunBefore(Duration.ZERO);
    List<Permit> granted = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Grant>> asking =
          IntStream.range(0, 64)
              .<Callable<Grant>>mapToObj(i -> () -> grant(i % 2 == 0 ? permits : elsewhere, 3, NOW))
              .toList();
      for (Future<Grant> grant : threads.invokeAll(asking)) {
        granted.addAll(grant.get().permits());
      }
    }

    assertThat(granted).hasSize(40);
    assertThat(granted).doesNotHaveDuplicates();
  }

  @Test
  void aNewScopeThatTwoNodesBeginAtOnceIsOpenAtOnce() {
    history.begunBefore(Duration.ofMillis(3));
    List<Grant> second = new ArrayList<>();
    // Between the first one's note in the store and its beginning in the grid.
    history.beforeBlock(() -> second.add(grant(elsewhere, 2, NOW)));

    assertThat(grant(permits, 2, NOW).permits()).hasSize(2);
    assertThat(second).hasSize(1).allMatch(grant -> grant.permits().isEmpty());
    Instant askedAgain = second.getFirst().notBefore();
    assertThat(askedAgain).isBetween(NOW, NOW.plusSeconds(1));
    assertThat(grant(elsewhere, 9, askedAgain).permits()).hasSize(3);
  }

  @Test
  void aNewScopeWhoseFirstNodeDiedIsBegunByTheNextAndOpensNoEarlierThanALostOne() {
    LimitScope scope = new LimitScope.OfChannel(channel);
    assertThat(history.begin(scope)).isEmpty();
    history.begunBefore(ScopeCache.BEGINS_WITHIN);

    Grant held = grant(elsewhere, 2, NOW);
    assertThat(held.permits()).isEmpty();
    assertThat(held.notBefore()).isAfterOrEqualTo(NOW.plus(Permits.TO_ARM));
    assertThat(grant(elsewhere, 2, held.notBefore()).permits()).hasSize(2);
  }

  @Test
  void theAppsWindowIsSharedByItsChannels() {
    settings.set(rules(List.of(FIVE_AN_HOUR), List.of(new WindowRule(7, HOUR))));

    assertThat(grant(permits, 5, NOW).permits()).hasSize(5);
    Grant other = permits.grantAll(List.of(wanted("b", 5)), List.of(), NOW).getFirst();
    assertThat(other.permits()).hasSize(2);
    assertThat(other.notBefore()).isAfter(NOW.plus(HOUR));

    // What the app refused was given back to the channel.
    settings.set(rules(List.of(FIVE_AN_HOUR), List.of()));
    other = permits.grantAll(List.of(wanted("b", 5)), List.of(), NOW).getFirst();
    assertThat(other.permits()).hasSize(3);
  }

  @Test
  void manyChannelsAskTogetherAndTheirAppDividesWhatItHas() {
    settings.set(rules(List.of(FIVE_AN_HOUR), List.of(new WindowRule(7, HOUR))));
    grant(permits, 1, NOW);

    // One is begun already, the others are not.
    List<Grant> first = permits.grantAll(List.of(wanted("", 4), wanted("b", 1)), List.of(), NOW);
    assertThat(first).extracting(grant -> grant.permits().size()).containsExactly(4, 1);
    List<Grant> second =
        elsewhere.grantAll(List.of(wanted("b", 4), wanted("c", 1)), List.of(), NOW);
    assertThat(second).extracting(grant -> grant.permits().size()).containsExactly(1, 0);
    assertThat(second.getLast().notBefore()).isAfter(NOW.plus(HOUR));

    // What the app refused was given back to the channels.
    settings.set(rules(List.of(FIVE_AN_HOUR), List.of()));
    assertThat(permits.grantAll(List.of(wanted("b", 9), wanted("c", 9)), List.of(), NOW))
        .extracting(grant -> grant.permits().size())
        .containsExactly(3, 5);
  }

  @Test
  void howCallsEndedIsKnownToTheQuestionThatItComesWith() {
    List<Grant> given = permits.grantAll(List.of(wanted("", 5), wanted("b", 2)), List.of(), NOW);
    List<Permits.Ended> unused =
        given.stream()
            .flatMap(grant -> grant.permits().stream())
            .map(permit -> new Permits.Ended(permit, Permits.Use.FREE, NOW, null))
            .toList();

    assertThat(permits.grantAll(List.of(wanted("", 9)), unused, NOW).getFirst().permits())
        .hasSize(5);
    assertThat(elsewhere.grantAll(List.of(wanted("b", 9)), List.of(), NOW).getFirst().permits())
        .hasSize(5);
  }

  @Test
  void callsOfManyChannelsEndTogether() {
    List<Permit> given =
        permits.grantAll(List.of(wanted("", 5), wanted("b", 5)), List.of(), NOW).stream()
            .flatMap(grant -> grant.permits().stream())
            .toList();
    Instant end = NOW.plusSeconds(2);

    elsewhere.ended(
        List.of(
            new Permits.Ended(given.get(0), Permits.Use.FREE, end, null),
            new Permits.Ended(given.get(1), Permits.Use.COUNTED, end, null),
            new Permits.Ended(given.get(5), Permits.Use.UNKNOWN, end, null),
            new Permits.Ended(given.get(6), Permits.Use.FREE, end, null),
            new Permits.Ended(given.get(7), Permits.Use.FREE, end, null)));

    assertThat(permits.grantAll(List.of(wanted("", 5), wanted("b", 5)), List.of(), end))
        .extracting(grant -> grant.permits().size())
        .containsExactly(1, 2);
  }

  @Test
  void aThrottledScopeGrantsNothingUntilItsTime() {
    permits.throttled(Permits.scopeOf(channel), NOW.plusSeconds(90), "429 Too many requests");

    Grant held = grant(elsewhere, 1, NOW);
    assertThat(held.permits()).isEmpty();
    assertThat(held.notBefore()).isAfterOrEqualTo(NOW.plusSeconds(90));
    assertThat(grant(elsewhere, 1, held.notBefore()).permits()).hasSize(1);
  }

  @Test
  void aThrottledAppHoldsBackAllItsChannels() {
    permits.throttled(Permits.appScopeOf(platform), NOW.plusSeconds(90), "quota exceeded");

    assertThat(grant(elsewhere, 1, NOW).permits()).isEmpty();
    assertThat(grant(elsewhere, 5, NOW.plusSeconds(91)).permits()).hasSize(5);
  }

  @Test
  void whatThePlatformSaysOfItsAppHoldsBackAllItsChannels() {
    Permit first = grant(permits, 1, NOW).permits().getFirst();
    Instant reset = NOW.plusSeconds(300);
    end(permits, first, NOW, new Allowance(600, 0, reset).shared());

    Grant other = elsewhere.grantAll(List.of(wanted("b", 1)), List.of(), NOW).getFirst();
    assertThat(other.permits()).isEmpty();
    assertThat(other.notBefore()).isAfterOrEqualTo(reset);
  }

  @Test
  void headersHoldBackFurther() {
    Permit first = grant(permits, 1, NOW).permits().getFirst();
    end(permits, first, NOW, new Allowance(300, 1, NOW.plusSeconds(300)));

    assertThat(grant(elsewhere, 4, NOW).permits()).hasSize(1);
  }

  @Test
  void aScopeThatTheGridLostIsBegunAgainFromTheStore() {
    LimitScope scope = new LimitScope.OfChannel(channel);
    grant(permits, 5, NOW);
    history.ended(scope, "publish", NOW.minusSeconds(10));
    history.ended(scope, "publish", NOW.plusSeconds(60));
    permits.throttled(scope.name(), NOW.plusSeconds(30), "429");
    lose(scope);

    assertThat(grant(permits, 5, NOW).permits()).isEmpty();
    assertThat(grant(permits, 5, NOW.plusSeconds(10)).permits()).isEmpty();
    assertThat(grant(elsewhere, 5, NOW.plusSeconds(31)).permits()).hasSize(3);
  }

  @Test
  void aScopeThatTheGridLostOpensOnlyWhenNoPermitOfTheLostCountCanBeArmed() {
    LimitScope scope = new LimitScope.OfChannel(channel);
    grant(permits, 3, NOW);
    lose(scope);

    // The three are not armed yet, and the ledger shows nothing of them.
    Grant early = grant(elsewhere, 5, NOW);
    assertThat(early.permits()).isEmpty();
    assertThat(early.notBefore()).isAfterOrEqualTo(NOW.plus(Permits.TO_ARM));
    assertThat(grant(permits, 5, NOW.plus(Permits.TO_ARM)).permits()).isEmpty();
    // By now they are, or never will be.
    for (int i = 0; i < 3; i++) {
      history.ended(scope, "publish", NOW.plusSeconds(64));
    }
    assertThat(grant(permits, 5, early.notBefore()).permits()).hasSize(2);
  }

  @Test
  void scopesThatTheGridLostOpenTogetherWithWhatTheLedgerKnows() {
    permits.grantAll(List.of(wanted("", 2), wanted("b", 2)), List.of(), NOW);
    lose(new LimitScope.OfChannel(channel));
    lose(new LimitScope.OfChannel(channel + "b"));

    // The third is new, and waits for nothing.
    List<Permits.Wanted> all = List.of(wanted("", 5), wanted("b", 5), wanted("c", 5));
    List<Grant> early = elsewhere.grantAll(all, List.of(), NOW);
    assertThat(early).extracting(grant -> grant.permits().size()).containsExactly(0, 0, 5);
    Instant open = early.getFirst().notBefore();
    assertThat(open).isAfterOrEqualTo(NOW.plus(Permits.TO_ARM));

    history.ended(new LimitScope.OfChannel(channel + "b"), "publish", NOW.plusSeconds(64));
    assertThat(permits.grantAll(all, List.of(), open))
        .extracting(grant -> grant.permits().size())
        .containsExactly(5, 4, 0);
  }

  @Test
  void whatWasReadForACountThatWasLostSinceIsNotTaken() {
    LimitScope scope = new LimitScope.OfChannel(channel);
    ScopeCache scopes = ScopeCache.open(GRID.node(0), 1, history);
    ScopeChange stale = new ScopeChange.Cover(NOW, "publish", List.of(FIVE_AN_HOUR), List.of());
    grant(permits, 5, NOW);
    lose(scope);
    Grant closed = grant(permits, 1, NOW);
    scopes.change(scope, stale);
    for (int i = 0; i < 5; i++) {
      history.ended(scope, "publish", NOW);
    }

    assertThat(grant(permits, 1, closed.notBefore()).permits()).isEmpty();
  }

  @Test
  void aRuleAddedWhileRunningCountsWhatWasBefore() {
    LimitScope scope = new LimitScope.OfChannel(channel);
    grant(permits, 1, NOW).permits().forEach(permit -> end(permits, permit, NOW, null));
    history.ended(scope, "publish", NOW);
    history.ended(scope, "publish", NOW.minus(HOUR.multipliedBy(5)));

    settings.set(rules(List.of(FIVE_AN_HOUR, new WindowRule(4, HOUR.multipliedBy(24))), List.of()));

    assertThat(grant(permits, 5, NOW).permits()).hasSize(2);
  }

  @Test
  void fourFifthsOfAWindowAreToldUntilEnoughHasLeftIt() {
    settings.set(rules(List.of(FIVE_AN_HOUR), List.of(new WindowRule(50, HOUR))));
    grant(permits, 3, NOW);
    assertThat(near()).isZero();
    grant(elsewhere, 1, NOW);
    assertThat(near()).isEqualTo(1);
    permits.grantAll(List.of(wanted("b", 5)), List.of(), NOW);
    assertThat(near()).isEqualTo(2);

    clock.advance(HOUR.plusSeconds(61));
    assertThat(near()).isZero();
  }

  private double near() {
    var gauge = registry.find("pulsegrid.limits.near").tag("platform", platform).gauge();
    return gauge == null ? 0 : gauge.value();
  }

  @Test
  void aPlatformWithoutWindowsIsNotHeldBack() {
    settings.set(rules(List.of(), List.of()));

    Grant grant = grant(permits, 500, NOW);
    assertThat(grant.permits()).hasSize(500);
    assertThat(grant.notBefore()).isEqualTo(NOW);
  }

  private static void end(
      GridPermits permits, Permit permit, Instant at, @Nullable Allowance allowance) {
    permits.ended(List.of(new Permits.Ended(permit, Permits.Use.COUNTED, at, allowance)));
  }

  private static void lose(LimitScope scope) {
    GRID.node(0).cache(ScopeCache.CHANNELS).remove(ScopeCache.key(scope));
    GRID.node(0).cache(ScopeCache.APPS).remove(ScopeCache.key(scope));
  }

  private Permits.Wanted wanted(String suffix, int count) {
    return new Permits.Wanted(channel + suffix, platform, count, NOW.plusSeconds(60));
  }

  private Grant grant(GridPermits from, int wanted, Instant now) {
    Permits.Wanted one = new Permits.Wanted(channel, platform, wanted, now.plusSeconds(60));
    return from.grantAll(List.of(one), List.of(), now).getFirst();
  }

  private GridPermits permitsOn(int node) {
    return new GridPermits(
        ScopeCache.open(GRID.node(node), 1, history),
        new LimitRules(settings::get, new NoCustomRules()),
        history,
        new PermitNumbers(new Random()),
        near);
  }

  private PlatformSettings rules(List<WindowRule> account, List<WindowRule> app) {
    return new PlatformSettings(
        Map.of(
            platform,
            new PlatformSettings.Platform(
                Map.of("publish", account), Map.of("publish", app), 4, Duration.ofSeconds(30))));
  }
}
