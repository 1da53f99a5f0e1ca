package io.pulsegrid.sim.mastodon;

import io.pulsegrid.sim.http.Request;
import io.pulsegrid.sim.http.RequestRefused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A status as a client wants it.
 *
 * @param inReplyToId the status answered; null for none
 */
record Draft(
    String text,
    String spoiler,
    String visibility,
    String language,
    boolean sensitive,
    @Nullable String inReplyToId) {
  private static final Set<String> VISIBILITIES = Set.of("public", "unlisted", "private", "direct");
  private static final Set<String> UNSUPPORTED = Set.of("scheduled_at", "media_ids", "poll");

  /** The fields of a request by their Mastodon names. */
  @FunctionalInterface
  private interface Fields {
    Optional<String> get(String name);
  }

  static Draft of(String text, String language) {
    return new Draft(text, "", "public", language, false, null);
  }

  /**
   * Reads a form or JSON.
   *
   * @throws RequestRefused 400 for broken JSON; 422 for what this server does not do
   */
  static Draft read(Request request) {
    Fields fields = request.isJson() ? json(request) : form(request);
    for (String name : UNSUPPORTED) {
      if (fields.get(name).isPresent()) {
        throw new RequestRefused(422, "Validation failed: " + name + " is not supported here");
      }
    }
    return new Draft(
        fields.get("status").orElse(""),
        fields.get("spoiler_text").orElse(""),
        fields.get("visibility").filter(it -> !it.isEmpty()).orElse("public"),
        fields.get("language").filter(it -> !it.isEmpty()).orElse("en"),
        fields.get("sensitive").filter(it -> it.equals("true") || it.equals("1")).isPresent(),
        fields.get("in_reply_to_id").filter(it -> !it.isEmpty()).orElse(null));
  }

  /** What Mastodon says against it. */
  Optional<String> objection() {
    if (text.isBlank()) {
      return Optional.of("Validation failed: Text can't be blank");
    }
    if (CharacterCount.of(text) + CharacterCount.of(spoiler) > CharacterCount.MOST) {
      return Optional.of(
          "Validation failed: Text character limit of " + CharacterCount.MOST + " exceeded");
    }
    if (!VISIBILITIES.contains(visibility)) {
      return Optional.of("Validation failed: Visibility is not included in the list");
    }
    return Optional.empty();
  }

  boolean isPublic() {
    return visibility.equals("public");
  }

  private static Fields form(Request request) {
    Map<String, List<String>> form = request.form();
    return name -> {
      List<String> values = form.getOrDefault(name, form.get(name + "[]"));
      return Optional.ofNullable(values).map(List::getFirst);
    };
  }

  private static Fields json(Request request) {
    try {
      JsonNode json = JsonMapper.shared().readTree(request.body());
      return name -> {
        JsonNode value = json.path(name);
        boolean absent = value.isMissingNode() || value.isNull();
        return absent ? Optional.empty() : Optional.of(value.asString(value.toString()));
      };
    } catch (JacksonException e) {
      throw new RequestRefused(
          400, "There was a problem in the JSON you submitted: " + e.getOriginalMessage(), e);
    }
  }
}
