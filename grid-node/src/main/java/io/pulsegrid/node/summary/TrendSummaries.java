package io.pulsegrid.node.summary;

import io.micrometer.core.instrument.MeterRegistry;
import io.pulsegrid.core.trend.SummaryWriter;
import io.pulsegrid.core.trend.SummaryWriter.Answer;
import io.pulsegrid.core.trend.SummaryWriter.Material;
import io.pulsegrid.node.config.SummarySettings;
import io.pulsegrid.node.listen.StageWork;
import io.pulsegrid.node.store.posts.SummaryStore;
import io.pulsegrid.node.store.posts.SummaryStore.Claimed;
import io.pulsegrid.node.store.posts.SummaryStore.Reserved;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one trend at a time summed up, the strongest first: when it has grown large enough, again
 * each time it has doubled, so that a trend of n posts costs about log n calls, and when it was
 * split. Runs on every node; a claim in the store gives each trend to one of them. For one thread.
 */
public final class TrendSummaries implements StageWork {
  private static final Logger log = LoggerFactory.getLogger(TrendSummaries.class);
  private static final int MOST_POSTS = 12;
  private static final Duration FIRST_QUIET = Duration.ofSeconds(10);
  private static final Duration LONGEST_QUIET = Duration.ofMinutes(5);
  private static final Duration OVER_BUDGET = Duration.ofMinutes(5);
  private static final Duration TIDY = Duration.ofHours(1);
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private final SummaryStore store;
  private final SummaryWriter writer;
  private final SummarySettings settings;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private Duration quiet = FIRST_QUIET;
  private Instant quietUntil = Instant.MIN;
  private Instant tidyAt = Instant.MIN;

  public TrendSummaries(
      SummaryStore store,
      SummaryWriter writer,
      SummarySettings settings,
      InstantSource clock,
      MeterRegistry meters) {
    this.store = store;
    this.writer = writer;
    this.settings = settings;
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "summaries";
  }

  @Override
  public boolean work() {
    Instant now = clock.instant();
    if (now.isAfter(tidyAt)) {
      tidyAt = now.plus(TIDY);
      int _ = store.forget(settings.kept());
    }
    if (now.isBefore(quietUntil)) {
      return false;
    }
    // Longer than the call: a node that dies in it leaves the trend to the next.
    Optional<Claimed> claimed =
        store.claim(settings.minPosts(), settings.timeout().plusSeconds(30), MOST_POSTS);
    if (claimed.isEmpty()) {
      return false;
    }
    return sumUp(claimed.get());
  }

  private boolean sumUp(Claimed claimed) {
    String hash = hash(claimed.material());
    if (store.reuse(claimed, hash)) {
      count("cached");
      return true;
    }
    long most = writer.mostTokens(claimed.material(), settings.maxTokens());
    Optional<Reserved> reserved = store.reserve(most, settings.tokensPerDay());
    if (reserved.isEmpty()) {
      store.giveBack(claimed);
      count("over-budget");
      log.info(
          "No more summaries for {}: the day's {} tokens are spent",
          OVER_BUDGET,
          settings.tokensPerDay());
      quietUntil = clock.instant().plus(OVER_BUDGET);
      return false;
    }
    return switch (writer.write(claimed.material(), settings.maxTokens())) {
      case Answer.Written written -> {
        keep(claimed, hash, written, reserved.get());
        yield true;
      }
      case Answer.Failed(String detail) -> {
        // What the endpoint has charged for a call that failed is not known: it stays spent.
        failed(claimed, detail);
        yield false;
      }
      case Answer.Unreached(String detail) -> {
        store.spent(reserved.get(), 0);
        failed(claimed, detail);
        yield false;
      }
    };
  }

  private void failed(Claimed claimed, String detail) {
    store.failed(claimed);
    count("failed");
    log.warn(
        "No summary of trend {}, which keeps its own; asked again in {}: {}",
        claimed.trend(),
        quiet,
        detail);
    quietUntil = clock.instant().plus(quiet);
    Duration longer = quiet.multipliedBy(2);
    quiet = longer.compareTo(LONGEST_QUIET) > 0 ? LONGEST_QUIET : longer;
  }

  private void keep(Claimed claimed, String hash, Answer.Written written, Reserved reserved) {
    long tokens = (long) written.promptTokens() + written.completionTokens();
    store.spent(reserved, tokens);
    store.keep(claimed, hash, writer.model(), written.text(), tokens);
    quiet = FIRST_QUIET;
    count("written");
    meters
        .counter("pulsegrid.summaries.tokens", "kind", "prompt")
        .increment(written.promptTokens());
    meters
        .counter("pulsegrid.summaries.tokens", "kind", "completion")
        .increment(written.completionTokens());
    meters
        .counter("pulsegrid.summaries.cost")
        .increment(
            cost(settings.promptPrice(), written.promptTokens())
                .add(cost(settings.completionPrice(), written.completionTokens()))
                .doubleValue());
  }

  private static BigDecimal cost(BigDecimal price, int tokens) {
    return price.multiply(BigDecimal.valueOf(tokens)).divide(MILLION);
  }

  private void count(String result) {
    meters.counter("pulsegrid.summaries", "result", result).increment();
  }

  private String hash(Material material) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String told =
          String.join("\n", writer.model(), material.label(), String.join("\n", material.posts()));
      return HexFormat.of().formatHex(digest.digest(told.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
