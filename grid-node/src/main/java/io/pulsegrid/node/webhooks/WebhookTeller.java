package io.pulsegrid.node.webhooks;

import io.pulsegrid.connectors.webhook.WebhookCaller;
import io.pulsegrid.connectors.webhook.WebhookCaller.Answer;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.RetryPolicy;
import io.pulsegrid.core.telling.Event;
import io.pulsegrid.core.telling.EventKind;
import io.pulsegrid.core.time.Clocks;
import io.pulsegrid.core.time.Deadline;
import io.pulsegrid.core.time.IdSource;
import io.pulsegrid.node.config.WebhookSettings;
import io.pulsegrid.node.publish.Loop;
import io.pulsegrid.node.store.telling.WebhookQueue;
import io.pulsegrid.node.store.telling.WebhookQueue.Message;
import io.pulsegrid.node.store.telling.WebhookQueue.Result;
import io.pulsegrid.node.store.telling.WebhookQueue.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks. Each has rounds of its own, one at a time on a node: several messages, each about
 * another resource, sent at once; a slow or dead address keeps nobody else waiting. A crash between
 * claim and settle leaves messages to whoever looks after their lease.
 */
public final class WebhookTeller {
  private static final Logger log = LoggerFactory.getLogger(WebhookTeller.class);
  private static final int FANNED_OUT = 2_000;
  private static final int A_ROUND = 16;
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration STORE_AWAY = Duration.ofSeconds(2);

  /** What a call may take beside its timeout until it is written down. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private static final Duration A_MOMENT = Duration.ofSeconds(2);

  private final WebhookQueue queue;
  private final WebhookCaller caller;
  private final Function<Event.Subject, String> body;
  private final Given given;
  private final RetryPolicy retries;
  private final Duration timeout;

  /** The rounds under way, by webhook. */
  private final Map<String, CompletableFuture<Void>> rounds = new ConcurrentHashMap<>();

  private final Loop loop = new Loop("webhooks", this::turn);

  /**
   * Time, chance and threads.
   *
   * @param calls runs each call on a thread that may wait
   */
  public record Given(Clocks clocks, IdSource ids, RandomGenerator chance, Executor calls) {}

  /** What one call came to. */
  private record Told(Message message, Answer answer) {}

  /**
   * @param body a resource as outsiders read it, in JSON
   */
  public WebhookTeller(
      WebhookQueue queue,
      WebhookCaller caller,
      Function<Event.Subject, String> body,
      WebhookSettings settings,
      Given given) {
    this.queue = queue;
    this.caller = caller;
    this.body = body;
    this.given = given;
    timeout = settings.timeout();
    retries =
        new RetryPolicy(
            settings.tries(), settings.retryFirst(), settings.retryLongest(), given.chance());
  }

  public void start(ThreadFactory threads) {
    loop.start(threads);
  }

  /** Begins no round any more; waits for those under way, which end within their timeout. */
  public void stop() {
    loop.stop(timeout);
    try {
      CompletableFuture.allOf(rounds.values().toArray(CompletableFuture[]::new))
          .get(timeout.plus(A_MOMENT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("Some webhooks may be told the same events again: {} rounds go on", rounds.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration turn() {
    try {
      boolean more = queue.fanOut(FANNED_OUT) == FANNED_OUT;
      String claim = given.ids().next();
      // Before the claim: a node that is stopped in between sends nothing that another one has.
      Deadline deadline = Deadline.after(timeout, given.clocks());
      queue.claim(claim, rounds.keySet(), A_ROUND, timeout.plus(SLACK)).stream()
          .collect(Collectors.groupingBy(Message::webhook))
          .forEach((webhook, messages) -> begin(webhook, claim, messages, deadline));
      return more ? Duration.ZERO : EVERY;
    } catch (PulsegridException e) {
      log.debug("webhooks wait: {}", e.getMessage());
      return STORE_AWAY;
    }
  }

  private void begin(String webhook, String claim, List<Message> messages, Deadline deadline) {
    CompletableFuture<Void> round = new CompletableFuture<>();
    rounds.put(webhook, round);
    List<CompletableFuture<Told>> calls =
        messages.stream()
            .map(
                message ->
                    CompletableFuture.supplyAsync(() -> tell(message, deadline), given.calls()))
            .toList();
    CompletableFuture<Void> _ =
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
            .thenRunAsync(
                () -> settle(webhook, claim, calls.stream().map(CompletableFuture::join).toList()),
                given.calls())
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    log.warn(
                        "Webhook {} may be told the same events again: what it took was not"
                            + " written",
                        webhook,
                        failure);
                  }
                  rounds.remove(webhook);
                  round.complete(null);
                  loop.wake();
                });
  }

  private Told tell(Message message, Deadline deadline) {
    String text =
        """
        {"type":"%s","id":"%s","number":%d,"timestamp":"%s","data":%s}"""
            .formatted(
                EventKind.of(message.subject()).label(),
                message.event(),
                message.number(),
                message.at(),
                body.apply(message.subject()));
    try {
      return new Told(
          message, caller.post(message.url(), queue.key(message), message.event(), text, deadline));
    } catch (PulsegridException unreadable) {
      // Sealed with another key: a person has to make it anew.
      return new Told(message, new Answer.NotTaken(String.valueOf(unreadable.getMessage()), false));
    }
  }

  private void settle(String webhook, String claim, List<Told> told) {
    List<Told> refused =
        told.stream()
            .filter(one -> one.answer() instanceof Answer.NotTaken)
            .sorted(Comparator.comparingLong(one -> one.message().number()))
            .toList();
    boolean tookAny = refused.size() < told.size();
    boolean park = refused.stream().anyMatch(this::givesUp);
    // One that took nothing is left alone as a whole; one that took some waits for the others only.
    Duration pause =
        tookAny
            ? Duration.ZERO
            : refused.stream().map(this::pause).max(Duration::compareTo).orElse(Duration.ZERO);
    List<Result> results = new ArrayList<>();
    for (Told one : told) {
      boolean taken = one.answer() instanceof Answer.Taken;
      Duration wait = tookAny ? pause(one) : pause;
      results.add(new Result(one.message().number(), taken ? null : wait));
    }
    String error = refused.isEmpty() ? null : error(refused.getFirst());
    if (park) {
      log.warn("Webhook {} is parked until a person resumes it: {}", webhook, error);
    }
    queue.settle(new Round(webhook, claim, results, pause, error, park));
  }

  private boolean givesUp(Told one) {
    return retries.spent(one.message().attempts() + 1)
        || (one.answer() instanceof Answer.NotTaken refused && refused.forGood());
  }

  private Duration pause(Told one) {
    return retries.pauseAfter(one.message().attempts() + 1);
  }

  private static String error(Told one) {
    @Nullable String said = one.answer() instanceof Answer.NotTaken no ? no.detail() : null;
    return "event %s, number %d, try %d: %s"
        .formatted(
            one.message().event(),
            one.message().number(),
            one.message().attempts() + 1,
            Objects.requireNonNullElse(said, ""));
  }
}
