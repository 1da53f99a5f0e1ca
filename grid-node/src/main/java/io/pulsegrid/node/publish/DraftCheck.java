package io.pulsegrid.node.publish;

import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.Channel;
import io.pulsegrid.core.publish.Measure;
import io.pulsegrid.core.publish.Publisher;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.time.Resolved;
import io.pulsegrid.core.time.When;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may be wrong with a post that a person wants scheduled: every field at fault, at once. */
final class DraftCheck {
  private static final Duration FARTHEST = Duration.ofDays(3_653);
  private static final int MOST_CHANNELS = 1_000;

  private final Map<String, Publisher> publishers;

  /**
   * @param publishers by platform
   */
  DraftCheck(Map<String, Publisher> publishers) {
    this.publishers = publishers;
  }

  /** What can be published on. */
  Set<String> platforms() {
    return publishers.keySet();
  }

  /** Refuses what needs no look at the store; asked before anything is resolved. */
  void shape(ScheduledPost.Draft draft) {
    Set<FieldError> errors = new LinkedHashSet<>();
    if (draft.channels().isEmpty() || draft.channels().size() > MOST_CHANNELS) {
      errors.add(new FieldError("channels", "must name 1 to " + MOST_CHANNELS + " channels"));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < draft.channels().size(); i++) {
      if (!seen.add(draft.channels().get(i))) {
        errors.add(new FieldError("channels[" + i + "]", "is named twice"));
      }
    }
    if (draft.priority() < 0 || draft.priority() > 9) {
      errors.add(
          new FieldError("priority", "must be 0 (last) to 9 (first), was " + draft.priority()));
    }
    Duration expires = draft.expiresAfter();
    if (expires.compareTo(Duration.ofSeconds(1)) < 0 || expires.compareTo(FARTHEST) > 0) {
      errors.add(new FieldError("expiresAfter", "must be PT1S to P3653D, was " + expires));
    }
    for (String platform : draft.variants().keySet()) {
      if (!publishers.containsKey(platform)) {
        errors.add(
            new FieldError(
                "variants." + platform,
                "must be one of " + publishers.keySet().stream().sorted().toList()));
      }
    }
    refuse(errors);
  }

  /** Refuses a time that is past its grace, or too far away to mean it. */
  void time(ScheduledPost.Draft draft, List<Resolved> resolved, Instant now) {
    resolved.forEach(one -> time(draft, one, now));
  }

  private static void time(ScheduledPost.Draft draft, Resolved resolved, Instant now) {
    String field =
        switch (draft.when()) {
          case When.Now _ -> "when.now";
          case When.At _ -> "when.at";
          case When.Local _, When.ChannelLocal _ -> "when.local";
          case When.NextSlot _ -> "when.slot";
        };
    if (!resolved.instant().plus(draft.expiresAfter()).isAfter(now)) {
      throw PulsegridException.invalid(
          field,
          "is past its grace: "
              + resolved.instant()
              + " plus "
              + draft.expiresAfter()
              + " is over");
    }
    if (resolved.instant().isAfter(now.plus(FARTHEST))) {
      throw PulsegridException.invalid(
          field, "must be within ten years, was " + resolved.instant());
    }
  }

  /**
   * Refuses unknown channels, and texts that a channel's platform would refuse.
   *
   * @param known the workspace's channels among those named
   */
  void channels(ScheduledPost.Draft draft, Map<String, Channel.Spec> known) {
    Set<FieldError> errors = new LinkedHashSet<>();
    for (int i = 0; i < draft.channels().size(); i++) {
      String id = draft.channels().get(i);
      Channel.Spec channel = known.get(id);
      if (channel == null) {
        errors.add(new FieldError("channels[" + i + "]", "no channel " + id));
        continue;
      }
      Publisher publisher = publishers.get(channel.platform());
      if (publisher == null) {
        errors.add(
            new FieldError(
                "channels[" + i + "]", "nothing can be published on " + channel.platform()));
        continue;
      }
      errors.addAll(text(draft, channel, publisher));
    }
    refuse(errors);
  }

  private static List<FieldError> text(
      ScheduledPost.Draft draft, Channel.Spec channel, Publisher publisher) {
    String platform = channel.platform();
    String field =
        draft.variants().containsKey(platform) ? "variants." + platform + ".text" : "text";
    return publisher.check(channel, draft.textFor(platform)).stream()
        .map(error -> new FieldError(field, platform + ": " + error.message()))
        .toList();
  }

  /** What a channel's platform counts of a text, by the rule that {@link #channels} refuses by. */
  List<Measure> measure(Channel.Spec channel, String text) {
    Publisher publisher = publishers.get(channel.platform());
    return publisher == null ? List.of() : publisher.measure(channel, text);
  }

  private static void refuse(Set<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw PulsegridException.invalid(List.copyOf(errors));
    }
  }
}
