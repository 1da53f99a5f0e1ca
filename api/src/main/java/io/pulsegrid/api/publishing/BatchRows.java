package io.pulsegrid.api.publishing;

import io.pulsegrid.api.problem.Refusals;
import io.pulsegrid.core.failure.FieldError;
import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.core.publish.ScheduledPost;
import io.pulsegrid.core.publish.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.validation.DataBinder;
import org.springframework.validation.Validator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The rows of a batch, each read and checked like the body of a single post. */
@Component
final class BatchRows {
  /** How many posts one batch may hold. */
  static final int MOST = 20_000;

  private static final String VARIANT = "variant.";
  private static final Pattern BETWEEN_CHANNELS = Pattern.compile("[\\s;|]+");
  private static final Set<String> PLAIN = Set.of("text", "expiresAfter");
  private static final Set<String> OF_WHEN = Set.of("now", "at", "local", "zone", "slot");

  private final JsonMapper json;
  private final Validator validator;

  BatchRows(JsonMapper json, @Qualifier("mvcValidator") Validator validator) {
    this.json = json;
    this.validator = validator;
  }

  /** One row as far as it could be read. */
  sealed interface Row {
    /** Where it stands: its place in the list from 1, or its line in the file. */
    int line();

    /** It can be asked for. */
    record Sound(int line, ScheduledPost.Draft draft) implements Row {}

    /** Something is wrong with the row itself. */
    record Broken(int line, List<FieldError> errors) implements Row {}
  }

  /** The rows of a JSON array. */
  List<Row> ofJson(JsonNode body) {
    if (!body.isArray()) {
      throw PulsegridException.invalid("body", "must be a list of posts");
    }
    bounded(body.size());
    List<Row> rows = new ArrayList<>();
    for (JsonNode post : body) {
      rows.add(row(rows.size() + 1, post));
    }
    return rows;
  }

  /** The rows of a JSON array, or of a single post. */
  List<Row> ofOneOrMany(JsonNode body) {
    return body.isArray() ? ofJson(body) : List.of(row(1, body));
  }

  /**
   * A single post.
   *
   * @throws PulsegridException {@code INVALID} naming what is wrong with it
   */
  ScheduledPost.Draft ofOne(JsonNode post) {
    return switch (row(1, post)) {
      case Row.Sound sound -> sound.draft();
      case Row.Broken broken -> throw PulsegridException.invalid(broken.errors());
    };
  }

  /**
   * A series.
   *
   * @throws PulsegridException {@code INVALID} naming what is wrong with it
   */
  Series.Plan planOf(JsonNode post) {
    try {
      ScheduledPostBody body = json.treeToValue(post, ScheduledPostBody.class);
      List<FieldError> errors = errorsOf(body);
      if (!errors.isEmpty()) {
        throw PulsegridException.invalid(errors);
      }
      return body.plan();
    } catch (JacksonException unreadable) {
      throw PulsegridException.invalid(Refusals.unreadable(unreadable));
    }
  }

  /** The rows of a CSV, whose header names the columns. */
  List<Row> ofCsv(String text) {
    CsvTable table = CsvTable.read(text);
    requireKnown(table.header());
    bounded(table.rows().size());
    List<Row> rows = new ArrayList<>();
    for (CsvTable.Row row : table.rows()) {
      if (row.fields().size() == table.header().size()) {
        rows.add(row(row.line(), asJson(table.header(), row.fields())));
      } else {
        String message =
            "has %d fields where the header has %d"
                .formatted(row.fields().size(), table.header().size());
        rows.add(new Row.Broken(row.line(), List.of(new FieldError("line", message))));
      }
    }
    return rows;
  }

  private static void bounded(int rows) {
    if (rows == 0 || rows > MOST) {
      throw PulsegridException.invalid("body", "must hold 1 to " + MOST + " posts, had " + rows);
    }
  }

  private Row row(int line, JsonNode post) {
    try {
      ScheduledPostBody body = json.treeToValue(post, ScheduledPostBody.class);
      List<FieldError> errors = errorsOf(body);
      return errors.isEmpty() ? new Row.Sound(line, body.draft()) : new Row.Broken(line, errors);
    } catch (JacksonException e) {
      return new Row.Broken(line, Refusals.unreadable(e));
    } catch (PulsegridException e) {
      return new Row.Broken(line, e.errors());
    }
  }

  private List<FieldError> errorsOf(@Nullable ScheduledPostBody body) {
    if (body == null) {
      return List.of(new FieldError("post", "must be an object"));
    }
    DataBinder binder = new DataBinder(body, "post");
    binder.setValidator(validator);
    binder.validate();
    return Refusals.fields(binder.getBindingResult());
  }

  private static void requireKnown(List<String> header) {
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      boolean known =
          PLAIN.contains(column)
              || OF_WHEN.contains(column)
              || column.equals("channels")
              || column.equals("priority")
              || column.startsWith(VARIANT);
      if (!known) {
        throw PulsegridException.invalid(
            "header",
            "knows no column "
                + column
                + "; known are text, channels, now, at, local, zone, slot, priority,"
                + " expiresAfter and variant.<platform>");
      }
      if (!seen.add(column)) {
        throw PulsegridException.invalid("header", "names the column " + column + " twice");
      }
    }
    if (!seen.contains("text") || !seen.contains("channels")) {
      throw PulsegridException.invalid("header", "must name the columns text and channels");
    }
  }

  /** A line as the JSON that says the same; an empty field is one that is not there. */
  private ObjectNode asJson(List<String> header, List<String> fields) {
    ObjectNode post = json.createObjectNode();
    ObjectNode when = json.createObjectNode();
    ObjectNode variants = json.createObjectNode();
    for (int i = 0; i < header.size(); i++) {
      String column = header.get(i);
      String value = fields.get(i);
      if (value.isBlank()) {
        continue;
      }
      if (column.equals("channels")) {
        var channels = post.putArray("channels");
        BETWEEN_CHANNELS.splitAsStream(value.strip()).forEach(channels::add);
      } else if (column.equals("now")) {
        when.put(
            "now",
            Map.of("true", true, "false", false).get(value.strip().toLowerCase(Locale.ROOT)));
      } else if (OF_WHEN.contains(column)) {
        when.put(column, value.strip());
      } else if (column.equals("priority")) {
        priority(post, value.strip());
      } else if (column.startsWith(VARIANT)) {
        variants.putObject(column.substring(VARIANT.length())).put("text", value);
      } else {
        post.put(column, value);
      }
    }
    post.set("when", when);
    if (!variants.isEmpty()) {
      post.set("variants", variants);
    }
    return post;
  }

  /** As a number where it is one: anything else is refused as in JSON, by its field. */
  private static void priority(ObjectNode post, String value) {
    if (value.matches("-?\\d{1,9}")) {
      post.put("priority", Integer.parseInt(value));
    } else {
      post.put("priority", value);
    }
  }
}
