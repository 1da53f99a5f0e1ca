package io.pulsegrid.node.config;

import io.pulsegrid.core.time.WrittenDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A mapping of a YAML file that knows where it stands, so that a refusal names file and key. */
final class YamlSection {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,32}");

  private final String file;
  private final String path;
  private final Map<?, ?> values;
  private final Set<Object> read = new HashSet<>();

  private YamlSection(String file, String path, Map<?, ?> values) {
    this.file = file;
    this.path = path;
    this.values = values;
  }

  static YamlSection parse(String file, String text) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object root = new Yaml(new SafeConstructor(options)).load(text);
      if (root instanceof Map<?, ?> map) {
        return new YamlSection(file, "", map);
      }
      throw new SettingRefused(file, "", "must hold keys and values, was " + shown(root));
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark();
      String line = mark == null ? "" : "line " + (mark.getLine() + 1);
      throw new SettingRefused(file, line, "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new SettingRefused(file, "", "not YAML: " + e.getMessage());
    }
  }

  /** Every named section below {@code key}, by name. */
  <T> Map<String, T> sections(String key, Function<YamlSection, T> reading) {
    return each(key, (at, value) -> reading.apply(section(at, value)));
  }

  /** Every named list of sections below {@code key}, by name; empty when the key is absent. */
  <T> Map<String, List<T>> lists(String key, Function<YamlSection, T> reading) {
    if (!values.containsKey(key)) {
      return Map.of();
    }
    return each(
        key,
        (at, value) -> {
          if (!(value instanceof List<?> items)) {
            throw refused(at, "must be a list, was " + shown(value));
          }
          var result = new ArrayList<T>();
          for (int i = 0; i < items.size(); i++) {
            result.add(reading.apply(section(at + "[" + i + "]", items.get(i))));
          }
          return result;
        });
  }

  int integer(String key) {
    long value = whole(key);
    if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
      throw refused(at(key), "must fit 32 bits, was " + value);
    }
    return (int) value;
  }

  /** Empty when the key is absent. */
  OptionalInt integerIfAny(String key) {
    return values.containsKey(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
  }

  long whole(String key) {
    Object value = required(key);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw refused(at(key), "must be a whole number, was " + shown(value));
  }

  Duration duration(String key) {
    Object value = required(key);
    try {
      return WrittenDuration.parse(String.valueOf(value));
    } catch (DateTimeException e) {
      throw refused(at(key), "must be a duration such as 30s, 5m or PT5M, was " + shown(value));
    }
  }

  /** Empty when the key is absent. */
  Optional<Duration> durationIfAny(String key) {
    return values.containsKey(key) ? Optional.of(duration(key)) : Optional.empty();
  }

  /** What {@code building} makes of this section once every key of it was asked for. */
  <T> T build(Supplier<T> building) {
    T result;
    try {
      result = building.get();
    } catch (IllegalArgumentException e) {
      throw refused(path, String.valueOf(e.getMessage()));
    }
    for (Object key : values.keySet()) {
      if (!read.contains(key)) {
        throw refused(at(String.valueOf(key)), "is not a known key");
      }
    }
    return result;
  }

  private <T> Map<String, T> each(String key, BiFunction<String, Object, T> reading) {
    var result = new LinkedHashMap<String, T>();
    section(at(key), required(key))
        .values
        .forEach(
            (name, value) -> {
              String here = at(key) + "." + name;
              if (!(name instanceof String text) || !NAME.matcher(text).matches()) {
                throw refused(here, "a name must match " + NAME + ", was " + shown(name));
              }
              result.put(text, reading.apply(here, value));
            });
    return result;
  }

  private YamlSection section(String at, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new YamlSection(file, at, map);
    }
    throw refused(at, "must hold keys and values, was " + shown(value));
  }

  private Object required(String key) {
    read.add(key);
    Object value = values.get(key);
    if (value == null) {
      throw refused(at(key), "is missing");
    }
    return value;
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private SettingRefused refused(String key, String rule) {
    return new SettingRefused(file, key, rule);
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "nothing" : value.toString();
  }
}
