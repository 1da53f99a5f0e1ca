package io.pulsegrid.node.wiring;

import io.pulsegrid.core.failure.PulsegridException;
import io.pulsegrid.node.config.SettingKeys;
import io.pulsegrid.node.config.SettingRefused;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Tells an operator in one line why the node does not start, where the reason is theirs to mend.
 * Anything else keeps its stack trace.
 */
final class StartRefusal implements SpringBootExceptionReporter {
  /** What the launcher looks for: a node that says so is not started again. */
  static final String MARK = "Not started: ";

  /** Boot hands the context over; a refusal needs none. */
  StartRefusal(@Nullable ConfigurableApplicationContext context) {}

  @Override
  public boolean reportException(Throwable failure) {
    var line = line(failure);
    line.ifPresent(text -> LoggerFactory.getLogger("io.pulsegrid").error("{}{}", MARK, text));
    return line.isPresent();
  }

  static Optional<String> line(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      switch (at) {
        case BindException refused -> {
          return Optional.of(bound(refused));
        }
        case SettingRefused refused -> {
          return Optional.of(String.valueOf(refused.getMessage()));
        }
        case PulsegridException refused -> {
          return Optional.of(String.valueOf(refused.getMessage()));
        }
        case FlywayValidateException foreign -> {
          return Optional.of(
              "the store's tables were made by another version of Pulsegrid; start with the version"
                  + " that made them, or with another store ("
                  + firstLines(foreign)
                  + ")");
        }
        case PortInUseException taken -> {
          return Optional.of("port " + taken.getPort() + " is in use; choose another with --port");
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static String firstLines(FlywayValidateException foreign) {
    return String.valueOf(foreign.getMessage())
        .lines()
        .map(String::strip)
        .limit(2)
        .collect(Collectors.joining(" "));
  }

  private static String bound(BindException refused) {
    Throwable root = refused;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    var property = refused.getProperty();
    String key = refused.getName().toString();
    Class<?> type = refused.getTarget().getType().resolve(Object.class);
    String origin =
        property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
    if (root instanceof IllegalArgumentException && type.isRecord()) {
      return ruled(key, type, String.valueOf(root.getMessage()));
    }
    Object value = property == null ? "nothing" : property.getValue();
    String shown = key.contains("password") ? "a value that is not shown" : String.valueOf(value);
    return key + " must be " + expected(type) + ", was " + shown + origin;
  }

  /** The rule of a record's constructor, which starts with the component it is about. */
  private static String ruled(String prefix, Class<?> type, String rule) {
    boolean namesItsKey =
        Arrays.stream(type.getRecordComponents())
            .map(component -> SettingKeys.written(component.getName()))
            .anyMatch(component -> rule.startsWith(component + " "));
    return prefix + (namesItsKey ? "." : ": ") + rule;
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == long.class) {
      return "a whole number";
    }
    if (type == Duration.class) {
      return "a duration such as 30s, 5m or P7D";
    }
    return "a " + type.getSimpleName();
  }
}
