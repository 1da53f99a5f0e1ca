package io.pulsegrid.api.call;

import io.pulsegrid.api.access.Doorkeeper;
import io.pulsegrid.api.problem.Refusal;
import io.pulsegrid.api.problem.Translations;
import io.pulsegrid.api.web.Answers;
import io.pulsegrid.core.access.Audit;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Idempotency;
import io.pulsegrid.core.failure.FailureCode;
import io.pulsegrid.core.failure.PulsegridException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Answers what programs ask: each call is let in by its own key, charged, read, checked and done as
 * the same request over HTTP would be. Safe for many threads; a call may wait for the store.
 */
@Component
public final class Calls {
  /**
   * The version of the contract: a caller of the same major number is answered. 1.1 brought {@code
   * patienceMillis} to {@code events.next}; 1.2 what a program does about deliveries, scheduled
   * posts to list, edit and preview, alerts, limits, and {@code at} to trends; 1.3 versions that
   * edits are held against, series, engagement, copies of a post, actions taken outside, and counts
   * of deliveries.
   */
  public static final String CONTRACT = "1.3";

  private static final byte[] NOTHING = new byte[0];

  private final Map<String, Offer<?>> offers;
  private final Doorkeeper doorkeeper;
  private final Answers answers;
  private final Translations translations;
  private final Bodies bodies;
  private final Audit audit;

  Calls(
      List<Offers> features,
      Doorkeeper doorkeeper,
      Answers answers,
      Translations translations,
      Bodies bodies,
      Audit audit) {
    this.offers =
        features.stream()
            .flatMap(feature -> feature.offers().stream())
            .collect(
                Collectors.toMap(
                    Offer::name,
                    offer -> offer,
                    (one, other) -> {
                      throw new IllegalStateException("two operations are named " + one.name());
                    },
                    TreeMap::new));
    this.doorkeeper = doorkeeper;
    this.answers = answers;
    this.translations = translations;
    this.bodies = bodies;
    this.audit = audit;
  }

  /** Answers a call; whatever goes wrong is told in the answer. */
  public CallAnswer answer(CallRequest request) {
    try {
      Offer<?> offer = offers.get(request.operation());
      if (offer == null) {
        throw PulsegridException.of(
            FailureCode.NOT_FOUND,
            "no operation "
                + request.operation()
                + ": this node speaks contract "
                + CONTRACT
                + ", which has "
                + String.join(", ", offers.keySet()));
      }
      return done(offer, request);
    } catch (RuntimeException failure) {
      return refused(failure);
    }
  }

  /** What a call that failed is answered. */
  public CallAnswer refused(RuntimeException failure) {
    Refusal refusal = translations.refusal(failure);
    String wait = refusal.headers().getOrDefault("Retry-After", "0");
    return new CallAnswer(
        refusal.problem().status(), Long.parseLong(wait), bodies.write(refusal.problem()));
  }

  private <B> CallAnswer done(Offer<B> offer, CallRequest request) {
    Caller caller = doorkeeper.letIn(request.key(), offer.needs());
    B body;
    try {
      body = bodies.read(offer, request.body());
    } catch (PulsegridException refused) {
      doorkeeper.charge(caller, 1);
      throw refused;
    }
    doorkeeper.charge(caller, offer.cost().applyAsInt(body));
    Idempotency.Answer answer =
        offer.effect() == Offer.Effect.NONE
            ? made(offer, caller, body, request)
            : written(offer, caller, body, request);
    String text = answer.body();
    return new CallAnswer(
        answer.status(), 0, text.isEmpty() ? NOTHING : text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a change down before it is made, and how it ended after; before the transaction that
   * makes it, so that a crash leaves an entry without an end, never a change without an entry.
   */
  private <B> Idempotency.Answer written(
      Offer<B> offer, Caller caller, B body, CallRequest request) {
    String what = body instanceof Named about ? offer.name() + " " + about.id() : offer.name();
    long entry =
        audit.begin(
            new Audit.Change(caller.keyId(), caller.workspace(), request.from(), "CALL", what));
    int status = FailureCode.INTERNAL.httpStatus();
    String made = "";
    try {
      Idempotency.Answer answer = made(offer, caller, body, request);
      status = answer.status();
      made = answer.headers().getOrDefault("Location", "");
      return answer;
    } catch (RuntimeException failure) {
      status = translations.refusal(failure).problem().status();
      throw failure;
    } finally {
      audit.end(entry, status, made);
    }
  }

  private <B> Idempotency.Answer made(Offer<B> offer, Caller caller, B body, CallRequest request) {
    return answers.once(
        caller,
        offer.effect() == Offer.Effect.ONCE ? request.once() : null,
        () -> digest(request),
        () -> offer.deed().apply(caller, body));
  }

  private static byte[] digest(CallRequest request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(("CALL " + request.operation()).getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      return sha.digest(request.body());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
