package io.pulsegrid.node.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Summaries of trends by a language model ({@code pulsegrid.summaries.*}); without a url there are
 * none, and posts go nowhere.
 *
 * @param url an OpenAI-compatible endpoint up to its version, {@code http://127.0.0.1:11434/v1}
 * @param model as the endpoint names it
 * @param key sent as a bearer token
 * @param minPosts how large a trend is before it is summed up
 * @param maxTokens how long an answer may be
 * @param tokensPerDay of all nodes together, prompts counted; resets at midnight UTC
 * @param promptPrice of a million tokens, for the metric of cost; any currency
 * @param completionPrice of a million tokens
 * @param timeout after which a call is given up
 * @param kept after which a summary is forgotten
 */
@ConfigurationProperties("pulsegrid.summaries")
public record SummarySettings(
    @Nullable URI url,
    @Nullable String model,
    @Nullable String key,
    @DefaultValue("5") int minPosts,
    @DefaultValue("400") int maxTokens,
    @DefaultValue("500000") long tokensPerDay,
    @DefaultValue("0") BigDecimal promptPrice,
    @DefaultValue("0") BigDecimal completionPrice,
    @DefaultValue("PT30S") Duration timeout,
    @DefaultValue("P30D") Duration kept) {

  public SummarySettings {
    if (url != null && !isHttp(url)) {
      throw new IllegalArgumentException("url must be an http or https address, was " + url);
    }
    if (url != null && (model == null || model.isBlank())) {
      throw new IllegalArgumentException("model must be given where url is, was absent");
    }
    atLeast("min-posts", minPosts, 2);
    atLeast("max-tokens", maxTokens, 50);
    atLeast("tokens-per-day", tokensPerDay, 0);
    notNegative("prompt-price", promptPrice);
    notNegative("completion-price", completionPrice);
    within("timeout", timeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
    within("kept", kept, Duration.ofHours(1), Duration.ofDays(3650));
  }

  /** Without the key: settings are logged. */
  @Override
  public String toString() {
    return "SummarySettings[url=" + url + ", model=" + model + "]";
  }

  private static boolean isHttp(URI url) {
    return url.getHost() != null
        && ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()));
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }

  private static void notNegative(String name, BigDecimal value) {
    if (value.signum() < 0) {
      throw new IllegalArgumentException(name + " must not be negative, was " + value);
    }
  }

  private static void within(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", was " + value);
    }
  }
}
