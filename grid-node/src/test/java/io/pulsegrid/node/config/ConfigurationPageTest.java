package io.pulsegrid.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** {@code docs/configuration.md} against the records themselves. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(pulsegrid\\.[^`]+)` \\| (?:`([^`]*)`)? ?\\|");

  @Test
  void listsEveryKeyWithItsDefaultAndNoOther() throws Exception {
    var expected = new TreeMap<String, String>();
    for (Class<?> type : records()) {
      for (String key : SettingKeys.of(type)) {
        expected.put(key, "");
      }
      defaults(type, SettingKeys.prefix(type).orElseThrow(), expected);
    }
    var listed = new TreeMap<String, String>();
    var row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      listed.put(row.group(1), row.group(2) == null ? "" : row.group(2));
    }
    assertThat(new TreeSet<>(listed.keySet())).isEqualTo(new TreeSet<>(expected.keySet()));
    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void listsEveryKeyOfTheLiveFiles() throws IOException {
    String page = Files.readString(PAGE);
    for (String key :
        List.of("app-limits.ACTION", "concurrency", "timeout", "every", "priority", "max-bytes")) {
      assertThat(page).contains("`" + key + "`");
    }
  }

  private static void defaults(Class<?> type, String prefix, Map<String, String> expected) {
    Constructor<?> constructor = canonical(type);
    var components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      String key = prefix + "." + SettingKeys.written(components[i].getName());
      if (components[i].getType().isRecord()) {
        defaults(components[i].getType(), key, expected);
      }
      for (var annotation : constructor.getParameterAnnotations()[i]) {
        if (annotation instanceof DefaultValue value && expected.containsKey(key)) {
          expected.put(key, String.join(",", value.value()));
        }
      }
    }
  }

  private static Constructor<?> canonical(Class<?> type) {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == type.getRecordComponents().length) {
        return constructor;
      }
    }
    throw new AssertionError(type + " has no canonical constructor");
  }

  private static List<Class<?>> records() throws ClassNotFoundException {
    var scanner =
        new ClassPathScanningCandidateComponentProvider(false) {
          @Override
          protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            return true;
          }
        };
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    var types = new ArrayList<Class<?>>();
    for (var found : scanner.findCandidateComponents("io.pulsegrid")) {
      Class<?> type = Class.forName(String.valueOf(found.getBeanClassName()));
      if (SettingKeys.prefix(type).isPresent()) {
        types.add(type);
      }
    }
    return types;
  }
}
