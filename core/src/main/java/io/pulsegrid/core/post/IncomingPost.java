package io.pulsegrid.core.post;

import io.pulsegrid.core.failure.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A post as it arrives from an import or a source, before it is ours.
 *
 * @param publishedAt null when the source does not say: the time of arrival is taken
 * @param source the source that collected it; null for an import
 */
public record IncomingPost(
    Content content,
    @Nullable Instant publishedAt,
    Engagement engagement,
    @Nullable String source) {
  public static final int MAX_NATIVE_ID = 512;
  public static final int MAX_URL = 4096;
  public static final int MAX_SHORT = 512;
  public static final int MAX_TITLE = 4096;
  public static final int MAX_TEXT = 256 * 1024;
  public static final int MAX_TAGS = 64;

  private static final Pattern PLATFORM = Pattern.compile("[a-z0-9_-]{1,32}");
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

  /** Everything wrong with this post, field by field; empty when it can be taken. */
  public List<FieldError> errors() {
    List<FieldError> errors = new ArrayList<>();
    if (!PLATFORM.matcher(content.platform()).matches()) {
      errors.add(
          new FieldError(
              "platform",
              "must be 1-32 of a-z, 0-9, _ and -; give it in the line or as platform="));
    }
    if (content.nativeId().isBlank()) {
      errors.add(new FieldError("nativeId", "is required"));
    }
    tooLong(errors, "nativeId", content.nativeId(), MAX_NATIVE_ID);
    if (isBlank(content.title()) && isBlank(content.text())) {
      errors.add(new FieldError("text", "one of title and text is required"));
    }
    tooLong(errors, "title", content.title(), MAX_TITLE);
    tooLong(errors, "text", content.text(), MAX_TEXT);
    tooLong(errors, "url", content.url(), MAX_URL);
    tooLong(errors, "author", content.author(), MAX_SHORT);
    tooLong(errors, "lang", content.lang(), 35);
    tooLong(errors, "category", content.category(), MAX_SHORT);
    if (content.tags().size() > MAX_TAGS) {
      errors.add(new FieldError("tags", "at most " + MAX_TAGS + ", was " + content.tags().size()));
    }
    content.tags().forEach(tag -> tooLong(errors, "tags", tag, MAX_SHORT));
    Instant published = publishedAt;
    if (published != null && (published.isBefore(EARLIEST) || !published.isBefore(LATEST))) {
      errors.add(new FieldError("publishedAt", "must lie in 1970 to 2099, was " + published));
    }
    return errors;
  }

  private static boolean isBlank(@Nullable String value) {
    return value == null || value.isBlank();
  }

  private static void tooLong(
      List<FieldError> errors, String field, @Nullable String value, int max) {
    if (value != null && value.length() > max) {
      errors.add(new FieldError(field, "at most " + max + " characters, was " + value.length()));
    }
  }
}
