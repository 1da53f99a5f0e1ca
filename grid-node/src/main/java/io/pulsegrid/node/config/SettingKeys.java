package io.pulsegrid.node.config;

import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** The keys that a record of settings takes, as they are written: {@code pulsegrid.store.pool}. */
public final class SettingKeys {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private SettingKeys() {}

  /** The prefix that {@code type} binds; empty for a type that is not ours. */
  public static Optional<String> prefix(Class<?> type) {
    var annotation = type.getAnnotation(ConfigurationProperties.class);
    return annotation == null || !annotation.value().startsWith("pulsegrid")
        ? Optional.empty()
        : Optional.of(annotation.value());
  }

  /** Every key of {@code type}; a key of a map or list stands for all that lies below it. */
  public static Set<String> of(Class<?> type) {
    var keys = new TreeSet<String>();
    prefix(type).ifPresent(prefix -> collect(prefix, type, keys));
    return keys;
  }

  /** As it is written in a file: {@code allowPrivate} is {@code allow-private}. */
  public static String written(String component) {
    return String.join("-", HUMP.split(component)).toLowerCase(java.util.Locale.ROOT);
  }

  private static void collect(String prefix, Class<?> type, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + "." + written(component.getName());
      if (component.getType().isRecord()) {
        collect(key, component.getType(), keys);
      } else {
        keys.add(key);
      }
    }
  }
}
