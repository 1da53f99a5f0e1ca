package io.pulsegrid.node.launch;

import io.pulsegrid.node.config.SettingRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The few settings that the launcher itself must know, from where the nodes will read them too: the
 * environment first, then the file.
 */
record OuterSettings(Map<String, String> environment, Map<String, String> file) {
  OuterSettings {
    environment = Map.copyOf(environment);
    file = Map.copyOf(file);
  }

  static OuterSettings of(@Nullable Path file, Map<String, String> environment) {
    return new OuterSettings(environment, file == null ? Map.of() : read(file));
  }

  Optional<String> find(String key) {
    // Spring's own form of a key in the environment: dots become underscores, dashes go.
    String variable = key.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
    String value = environment.get(variable);
    return Optional.ofNullable(value == null ? file.get(key) : value)
        .filter(text -> !text.isBlank());
  }

  /** The directory that nodes keep everything in. */
  Path data() {
    return Path.of(find("pulsegrid.data").orElse("data"));
  }

  /** A key that is set and is, or stands under, the given one. */
  Optional<String> findUnder(String section) {
    String variable = section.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
    return Stream.concat(
            environment.keySet().stream().filter(name -> isUnder(name, variable, '_')),
            file.keySet().stream().filter(key -> isUnder(plain(key), plain(section), '.')))
        .sorted()
        .findFirst();
  }

  private static boolean isUnder(String key, String section, char separator) {
    return key.startsWith(section)
        && (key.length() == section.length() || key.charAt(section.length()) == separator);
  }

  /** As Spring compares keys: case and dashes do not count. */
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace("-", "");
  }

  private static Map<String, String> read(Path file) {
    var flat = new HashMap<String, String>();
    try (var reader = Files.newBufferedReader(file)) {
      if (file.toString().endsWith(".properties")) {
        var properties = new Properties();
        properties.load(reader);
        properties.forEach((key, value) -> flat.put(key.toString(), value.toString()));
      } else {
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
          flatten("", document, flat);
        }
      }
    } catch (IOException | YAMLException | IllegalArgumentException e) {
      throw new SettingRefused("--config: " + file + " cannot be read: " + e.getMessage());
    }
    return flat;
  }

  private static boolean isPlain(@Nullable Object value) {
    return !(value instanceof Map || value instanceof List);
  }

  private static void flatten(String key, @Nullable Object value, Map<String, String> flat) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> flatten(key.isEmpty() ? "" + name : key + "." + name, inner, flat));
    } else if (value instanceof List<?> list && list.stream().allMatch(OuterSettings::isPlain)) {
      // As Spring reads a list in one line.
      flat.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        flatten(key + "[" + i + "]", list.get(i), flat);
      }
    } else if (value != null) {
      flat.put(key, value.toString());
    }
  }
}
