package io.pulsegrid.connectors.file;

import io.pulsegrid.connectors.text.PlainText;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.post.Content;
import io.pulsegrid.core.post.Engagement;
import io.pulsegrid.core.post.IncomingPost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A line's values on their way to a post; what is wrong gathers beside them. */
final class Draft {
  private static final Pattern TAG_SEPARATOR = Pattern.compile("[|,]");
  private static final Pattern COUNT = Pattern.compile("[+-]?\\d{1,18}(?:\\.\\d{1,9})?");

  /** The field of errors that are about the line as a whole; its values mean nothing then. */
  static final String WHOLE_LINE = "line";

  private final ImportDates dates;
  private final @Nullable String defaultPlatform;
  private final Map<Field, String> values = new EnumMap<>(Field.class);
  private final List<String> tags = new ArrayList<>();
  private final List<FieldError> errors = new ArrayList<>();

  Draft(ImportDates dates, @Nullable String defaultPlatform) {
    this.dates = dates;
    this.defaultPlatform = defaultPlatform;
  }

  /** Takes a value as text; blank ones count as absent. */
  void put(Field field, String value) {
    if (!PlainText.isStorable(value)) {
      error(field.label(), "contains a NUL or half a surrogate pair, which no store keeps");
    } else if (field == Field.TAGS) {
      TAG_SEPARATOR.splitAsStream(value).forEach(this::tag);
    } else if (!value.isBlank()) {
      values.put(field, value);
    }
  }

  void tag(String tag) {
    if (!PlainText.isStorable(tag)) {
      error("tags", "contains a NUL or half a surrogate pair, which no store keeps");
    } else if (!tag.isBlank()) {
      tags.add(tag.strip());
    }
  }

  void error(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  ImportLine finish(long line) {
    if (errors.stream().anyMatch(error -> error.field().equals(WHOLE_LINE))) {
      return new ImportLine.Bad(line, errors);
    }
    @Nullable Instant publishedAt = publishedAt();
    Engagement engagement =
        new Engagement(
            count(Field.LIKES), count(Field.COMMENTS), count(Field.SHARES), count(Field.VIEWS));
    String platform =
        stripped(Field.PLATFORM).orElse(defaultPlatform == null ? "" : defaultPlatform);
    Content content =
        new Content(
            platform,
            stripped(Field.NATIVE_ID).orElse(""),
            stripped(Field.URL).orElse(null),
            stripped(Field.AUTHOR).orElse(null),
            values.get(Field.TITLE),
            values.get(Field.TEXT),
            stripped(Field.LANG).orElse(null),
            stripped(Field.CATEGORY).orElse(null),
            tags);
    IncomingPost post = new IncomingPost(content, publishedAt, engagement, null);
    Set<String> told = errors.stream().map(FieldError::field).collect(Collectors.toSet());
    post.errors().stream().filter(error -> !told.contains(error.field())).forEach(errors::add);
    return errors.isEmpty() ? new ImportLine.Good(line, post) : new ImportLine.Bad(line, errors);
  }

  private Optional<String> stripped(Field field) {
    return Optional.ofNullable(values.get(field)).map(String::strip);
  }

  private @Nullable Instant publishedAt() {
    String written = values.get(Field.PUBLISHED_AT);
    if (written == null) {
      return null;
    }
    Optional<Instant> parsed = dates.parse(written);
    if (parsed.isEmpty()) {
      error(Field.PUBLISHED_AT.label(), dates.wanted() + ", was " + shown(written));
    }
    return parsed.orElse(null);
  }

  private long count(Field field) {
    String written = values.get(field);
    if (written == null) {
      return 0;
    }
    String text = written.strip();
    if (COUNT.matcher(text).matches()) {
      try {
        long count = new BigDecimal(text).longValueExact();
        if (count >= 0) {
          return count;
        }
      } catch (ArithmeticException notWhole) {
        // falls through: the same message
      }
    }
    error(field.label(), "must be a whole number from 0, was " + shown(written));
    return 0;
  }

  private static String shown(String written) {
    return written.length() > 60 ? PlainText.cut(written, 60) + "..." : written;
  }
}
