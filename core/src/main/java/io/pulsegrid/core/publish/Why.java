package io.pulsegrid.core.publish;

import io.pulsegrid.core.limit.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery waits for.
 *
 * @param until when that is over at the latest; null where nobody can know, or nothing is waited
 *     for
 * @param sentence the same for a person to read
 */
public record Why(WaitsFor waitsFor, @Nullable Instant until, String sentence) {

  /** What can hold a delivery. */
  public enum WaitsFor {
    /** It has ended. */
    NOTHING,
    DUE_TIME,
    /** Of its channel, its platform or everything. */
    PAUSE,
    /** A window of its limits that is used up. */
    LIMIT,
    /** The platform or a person holds its channel or app back. */
    BLOCK,
    /** A new token of its channel, which is being asked for. */
    TOKEN,
    /** The node that was asked, which sends nothing just now. */
    NODE,
    /** Its platform's host fails and is left alone. */
    BREAKER,
    /** Others of its channel that were held back with it and go out one by one. */
    CATCH_UP,
    /** A free call. */
    TURN,
    /** A call that is under way. */
    LEASE,
    /** An answer of the platform about a call whose end is unknown. */
    PROBE,
    PERSON
  }

  /**
   * What is switched off on a delivery's way.
   *
   * @param renewingUntil how long its channel's token takes to be renewed at the most; null where
   *     it is not
   */
  public record Pauses(
      boolean everything, boolean platform, boolean channel, @Nullable Instant renewingUntil) {}

  /**
   * What goes out one by one after its channel was held back, the delivery among it.
   *
   * @param all how many still wait
   * @param every how long after one the next goes out
   * @param turn when the delivery's own turn comes
   */
  public record CaughtUp(long all, Duration every, Instant turn) {
    private String sentence() {
      String apart = every.equals(Duration.ofMinutes(1)) ? "a minute" : every.toString();
      return "it is one of %d of its channel that are caught up, %s apart; its turn comes at %s"
          .formatted(all, apart, told(turn));
    }
  }

  /**
   * What the node that is asked knows of itself; others may be better off.
   *
   * @param standsBy whether it sends nothing: it does not know the time or whether it belongs to
   *     the grid, or is stopping
   * @param hostFailing whether it leaves the delivery's host alone
   * @param caughtUp null where it does not spread what the channel sends
   */
  public record ThisNode(boolean standsBy, boolean hostFailing, @Nullable CaughtUp caughtUp) {}

  /**
   * All that can hold a delivery, as far as the one who asks can see.
   *
   * @param limits those of its channel and its platform's app
   */
  public record Circumstances(
      Delivery delivery,
      String platform,
      Standing standing,
      Pauses pauses,
      List<RateLimit> limits,
      ThisNode node) {
    public Circumstances {
      limits = List.copyOf(limits);
    }
  }

  /** What holds a delivery at {@code now}. */
  public static Why of(Circumstances given, Instant now) {
    Delivery delivery = given.delivery();
    return switch (delivery.state()) {
      case DRAFT, AWAITING_APPROVAL -> new Why(WaitsFor.PERSON, null, "it waits for approval");
      case SCHEDULED, RETRY -> waiting(given, now);
      case ARMED -> armed(given);
      case UNCONFIRMED -> unconfirmed(given);
      case PUBLISHED -> ended("it is published" + as(delivery.result().remoteId()));
      case CANCELLED -> ended("it was cancelled");
      case MISSED -> ended("it was missed: when it could go out it was too late to be worth it");
      case FAILED ->
          new Why(
              WaitsFor.PERSON,
              null,
              "it failed, and goes out only if a person sends it again"
                  + because(delivery.result().lastError()));
    };
  }

  private static Why waiting(Circumstances given, Instant now) {
    Optional<Why> pause = paused(given);
    Instant due = given.delivery().dueAt();
    if (due.isAfter(now)) {
      String what =
          given.delivery().nextTryAt().isPresent()
              ? "it is tried again at " + told(due) + because(given.delivery().result().lastError())
              : "it is due at " + told(due);
      return new Why(
          WaitsFor.DUE_TIME,
          due,
          what + pause.map(why -> "; besides, " + why.sentence()).orElse(""));
    }
    return pause.or(() -> limited(given, now)).orElseGet(() -> turn(given, now));
  }

  private static Why turn(Circumstances given, Instant now) {
    @Nullable Instant renewed = given.pauses().renewingUntil();
    if (renewed != null && renewed.isAfter(now)) {
      return new Why(
          WaitsFor.TOKEN, renewed, "its channel's token was refused or ends, and is being renewed");
    }
    if (given.node().standsBy()) {
      return new Why(
          WaitsFor.NODE,
          null,
          "the node that you asked sends nothing just now: it does not know the time or its place in"
              + " the grid for certain, or is stopping; another may");
    }
    if (given.node().hostFailing()) {
      return new Why(
          WaitsFor.BREAKER,
          null,
          "its platform's host fails and is left alone for some seconds at a time");
    }
    CaughtUp caughtUp = given.node().caughtUp();
    return caughtUp != null && caughtUp.turn().isAfter(now)
        ? new Why(WaitsFor.CATCH_UP, caughtUp.turn(), caughtUp.sentence())
        : new Why(WaitsFor.TURN, null, "it is due, and goes out as soon as a call is free");
  }

  private static Optional<Why> paused(Circumstances given) {
    String what;
    if (given.pauses().everything()) {
      what = "everything is paused";
    } else if (given.pauses().platform()) {
      what = given.platform() + " is paused";
    } else if (given.pauses().channel()) {
      what = "its channel is paused";
    } else {
      return Optional.empty();
    }
    return Optional.of(new Why(WaitsFor.PAUSE, null, what + " until a person resumes it"));
  }

  private static Optional<Why> limited(Circumstances given, Instant now) {
    return given.limits().stream()
        .filter(limit -> limit.action().equals("publish") && limit.allowedAt().isAfter(now))
        .max(Comparator.comparing(RateLimit::allowedAt))
        .map(limit -> limited(limit, now));
  }

  private static Why limited(RateLimit limit, Instant now) {
    Instant blocked = limit.blockedUntil();
    Instant until = limit.allowedAt();
    if (blocked != null && blocked.isAfter(now)) {
      return new Why(
          WaitsFor.BLOCK,
          until,
          limit.scope() + " is held back until " + told(until) + because(limit.reason()));
    }
    if (limit.limit() == null) {
      return new Why(
          WaitsFor.LIMIT,
          until,
          "what " + limit.scope() + " did is counted anew until " + told(until));
    }
    return new Why(
        WaitsFor.LIMIT,
        until,
        "the limit of %s, %s in %s, is used up until %s"
            .formatted(limit.scope(), limit.limit(), limit.window(), told(until)));
  }

  private static Why armed(Circumstances given) {
    Standing.@Nullable Arm arm = given.standing().arm();
    @Nullable Instant until = arm == null ? null : arm.leaseUntil();
    return new Why(
        WaitsFor.LEASE,
        until,
        "its call is under way; unless it ends before, its platform is asked"
            + (until == null ? "" : " after " + told(until)));
  }

  private static Why unconfirmed(Circumstances given) {
    @Nullable Doubt doubt = given.standing().doubt();
    @Nullable Instant next = doubt == null ? null : doubt.nextProbeAt();
    String unknown =
        (doubt != null && doubt.withdrawn() ? "it was cancelled, but " : "")
            + "nobody knows whether it is there; ";
    return next == null
        ? new Why(WaitsFor.PERSON, null, unknown + "a person must look and confirm it")
        : new Why(WaitsFor.PROBE, next, unknown + "its platform is asked at " + told(next));
  }

  private static Why ended(String sentence) {
    return new Why(WaitsFor.NOTHING, null, sentence);
  }

  private static String as(@Nullable String remoteId) {
    return remoteId == null ? "" : " as " + remoteId;
  }

  private static String because(@Nullable String reason) {
    return reason == null || reason.isBlank() ? "" : " (" + reason + ")";
  }

  private static String told(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
