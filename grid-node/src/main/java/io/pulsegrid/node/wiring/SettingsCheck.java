package io.pulsegrid.node.wiring;

import io.pulsegrid.node.config.SettingKeys;
import io.pulsegrid.node.config.SettingRefused;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Looks at every setting before the first bean is made: a bad value or an unknown {@code
 * pulsegrid.*} key stops the start while nothing has been touched yet.
 */
final class SettingsCheck implements BeanFactoryPostProcessor {
  private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("pulsegrid");

  private final Environment environment;

  SettingsCheck(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    var types = new ArrayList<Class<?>>();
    for (String name : beans.getBeanDefinitionNames()) {
      Class<?> type = beans.getType(name, false);
      if (type != null && type.isRecord()) {
        types.add(type);
      }
    }
    check(environment, types);
  }

  /**
   * Binds each of {@code types}, then looks for keys that none of them takes.
   *
   * @throws SettingRefused for such a key
   * @throws org.springframework.boot.context.properties.bind.BindException for a bad value
   */
  static void check(Environment environment, List<Class<?>> types) {
    var known = new ArrayList<ConfigurationPropertyName>();
    var binder = Binder.get(environment);
    for (Class<?> type : types) {
      SettingKeys.prefix(type)
          .ifPresent(
              prefix -> {
                SettingKeys.of(type).forEach(key -> known.add(ConfigurationPropertyName.of(key)));
                binder.bindOrCreate(prefix, Bindable.of(type));
              });
    }
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      // The environment holds names that others chose: Kubernetes sets PULSEGRID_PORT for a
      // service.
      if (source instanceof IterableConfigurationPropertySource iterable
          && !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
        iterable.stream()
            .filter(OURS::isAncestorOf)
            .filter(name -> !isKnown(name, known))
            .forEach(name -> refuse(source, name));
      }
    }
  }

  private static boolean isKnown(
      ConfigurationPropertyName name, List<ConfigurationPropertyName> known) {
    return known.stream().anyMatch(key -> key.equals(name) || key.isAncestorOf(name));
  }

  private static void refuse(ConfigurationPropertySource source, ConfigurationPropertyName name) {
    var property = source.getConfigurationProperty(name);
    var origin = property == null ? null : property.getOrigin();
    throw new SettingRefused(
        name + " is not a known key" + (origin == null ? "" : " (" + origin + ")"));
  }
}
