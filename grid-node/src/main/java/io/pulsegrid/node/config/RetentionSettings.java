package io.pulsegrid.node.config;

import io.pulsegrid.core.limit.WindowRule;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long things are kept.
 *
 * @param posts collected posts, by when they were collected
 * @param tombstones the marks that deleted posts leave
 * @param attempts what was tried in publishing, of deliveries that have ended
 * @param alerts what went wrong, by when it did
 * @param audit who changed what, by when they did
 * @param every between two rounds
 */
@ConfigurationProperties("pulsegrid.retention")
public record RetentionSettings(
    @DefaultValue("P365D") Duration posts,
    @DefaultValue("P7D") Duration tombstones,
    @DefaultValue("P365D") Duration attempts,
    @DefaultValue("P90D") Duration alerts,
    @DefaultValue("P365D") Duration audit,
    @DefaultValue("PT10M") Duration every) {
  public RetentionSettings {
    requireAtLeast("posts", posts, Duration.ofMinutes(1));
    requireAtLeast("tombstones", tombstones, Duration.ofHours(1));
    // Limits are rebuilt from attempts, which must cover the longest window whole.
    requireAtLeast("attempts", attempts, WindowRule.LONGEST.plusDays(1));
    requireAtLeast("alerts", alerts, Duration.ofHours(1));
    requireAtLeast("audit", audit, Duration.ofDays(1));
    requireAtLeast("every", every, Duration.ofSeconds(1));
  }

  private static void requireAtLeast(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }
}
