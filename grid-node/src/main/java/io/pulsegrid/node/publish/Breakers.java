package io.pulsegrid.node.publish;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Outcome;
import io.pulsegrid.node.store.ledger.ArmStore.Address;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A breaker for each host of each platform: one that fails is left alone for a while. Leave is
 * asked before the arm, so that what could not be called is not armed either; which host a channel
 * is at is looked up before its first call, and told anew by each. Safe for use by many threads.
 */
final class Breakers {
  // Who was given leave and never told of its call must not keep a host shut for good.
  private static final Duration LONGEST_TRIAL = Duration.ofMinutes(2);

  private final CircuitBreakerRegistry registry =
      CircuitBreakerRegistry.of(
          CircuitBreakerConfig.custom()
              .slidingWindowSize(20)
              .minimumNumberOfCalls(10)
              .failureRateThreshold(50)
              .waitDurationInOpenState(Duration.ofSeconds(10))
              .permittedNumberOfCallsInHalfOpenState(2)
              .maxWaitDurationInHalfOpenState(LONGEST_TRIAL)
              .build());
  private final Map<String, CircuitBreaker> ofChannels = new ConcurrentHashMap<>();

  /**
   * Leave to call once: told how the call went, or given back.
   *
   * @param breaker null where the channel's host is not known: the call itself asks then
   */
  record Leave(@Nullable CircuitBreaker breaker) {
    void giveBack() {
      if (breaker != null) {
        breaker.releasePermission();
      }
    }
  }

  /** Leave for up to {@code wanted} calls on a channel; none while its host is left alone. */
  List<Leave> ask(String channel, int wanted) {
    CircuitBreaker breaker = ofChannels.get(channel);
    List<Leave> leave = new ArrayList<>();
    while (leave.size() < wanted && (breaker == null || breaker.tryAcquirePermission())) {
      leave.add(new Leave(breaker));
    }
    return leave;
  }

  /** Where channels are; those that are gone are left out. */
  interface Addresses {
    /** By channel. */
    Map<String, Address> of(List<String> channels);
  }

  /** Looks up where some channels are, of which it is not known yet. */
  void learn(Collection<String> channels, Addresses addresses) {
    List<String> unknown =
        channels.stream().filter(channel -> !ofChannels.containsKey(channel)).toList();
    if (!unknown.isEmpty()) {
      addresses
          .of(unknown)
          .forEach(
              (channel, address) ->
                  ofChannels.put(channel, breaker(address.platform(), address.baseUrl())));
    }
  }

  private CircuitBreaker breaker(String platform, URI baseUrl) {
    String host = String.valueOf(baseUrl.getAuthority()).toLowerCase(Locale.ROOT);
    return registry.circuitBreaker(platform + "@" + host);
  }

  /** The host of a channel, for what is counted by hosts; its platform where it is not known. */
  String host(String channel, String platform) {
    CircuitBreaker breaker = ofChannels.get(channel);
    return breaker == null ? platform : breaker.getName();
  }

  /** Whether a channel's host is left alone just now, as far as this node called it. */
  boolean failing(String channel) {
    CircuitBreaker breaker = ofChannels.get(channel);
    return breaker != null && breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** The breaker to tell of a call on a channel, on the leave given; empty if it is not to be. */
  Optional<CircuitBreaker> enter(String channelId, Channel.Spec channel, Leave given) {
    CircuitBreaker breaker = breaker(channel.platform(), channel.baseUrl());
    ofChannels.put(channelId, breaker);
    if (breaker.equals(given.breaker())) {
      return Optional.of(breaker);
    }
    given.giveBack();
    return breaker.tryAcquirePermission() ? Optional.of(breaker) : Optional.empty();
  }

  /** A host that says no is well; one that does not answer, or breaks while it does, is not. */
  static void tell(CircuitBreaker breaker, Outcome outcome, Duration took) {
    switch (outcome) {
      case Outcome.Transient _, Outcome.Ambiguous _ ->
          breaker.onError(
              took.toNanos(), TimeUnit.NANOSECONDS, new IllegalStateException(outcome.detail()));
      case Outcome.Accepted _, Outcome.Rejected _, Outcome.Throttled _, Outcome.Unauthorized _ ->
          breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
